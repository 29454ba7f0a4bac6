/** What the composer's scripts share: the page's facts, its elements, words with their places filled. */
import type { Problem, SectionType } from '../../../../model/issue.ts';
import type { Place } from '../../../../model/place.ts';

/** As the server's composer.tsx writes it. */
export interface ComposePage {
  id: number;
  url: string;
  version: number;
  updatedAt: string;
  staff: number;
  publicationLanguage: 'ko' | 'en';
  language: 'ko' | 'en';
  timeZone: string;
  nonce: string;
  words: ClientWords;
}

export type ClientWords = Record<string, string> & {
  types: Record<SectionType, string>;
};

/** What the server answers to a preview. */
export interface Previewed {
  html: string;
  text: string;
  title: string;
  subject: string;
  preheader: string;
  bytes: number;
  problems: Problem[];
  places: Place[];
  terms: { term: string; translation: string; abbreviation: string }[];
  ms: number;
}

export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is missing`);
  return found as T;
}

/** Words with `{name}` in them filled in. */
export function fill(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A copy of what a `<template>` holds. */
export function cloneOf(id: string): HTMLElement {
  const template = element(id) as unknown as HTMLTemplateElement;
  return (template.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
}

let toastTimer = 0;

/** Says what happened, for a while. */
export function toast(text: string): void {
  const place = element('w-toast');
  place.textContent = text;
  window.clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => {
    place.textContent = '';
  }, 6000);
}
