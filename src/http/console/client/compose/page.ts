/** What the composer's scripts share: the page's elements, words with their places filled. */
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
