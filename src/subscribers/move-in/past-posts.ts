/** The past posts of an export, of the systems that can be read: Ghost and Substack. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BroadsheetError, messageOf } from '../../errors.ts';
import { listFolder } from './files.ts';
import { readGhostPosts } from './ghost-posts.ts';
import type { SourceSystem } from './moved.ts';
import type { ReadPost } from './posts.ts';
import { readSubstackPosts } from './substack-posts.ts';

/**
 * @param paths files or unpacked folders
 * @throws BroadsheetError FILE_UNREADABLE, CSV_UNREADABLE, MOVE_IN_UNREADABLE
 */
export async function* readPastPosts(system: SourceSystem, paths: readonly string[]): AsyncGenerator<ReadPost> {
  for (const file of await postFiles(system, paths))
    yield* system.name === 'ghost' ? await readGhostPosts(file) : readSubstackPosts(file);
}

/** Whether there is any file of posts. @throws BroadsheetError FILE_UNREADABLE */
export async function hasPastPosts(system: SourceSystem, paths: readonly string[]): Promise<boolean> {
  return (await postFiles(system, paths)).size > 0;
}

async function postFiles(system: SourceSystem, paths: readonly string[]): Promise<Set<string>> {
  const files = new Set<string>();
  for (const path of paths) {
    const found = await stat(path).catch(error => {
      throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file: path, cause: error });
    });
    for (const file of found.isDirectory() ? await listFolder(path) : [path])
      if (system.posts?.test(basename(file))) files.add(file);
  }
  return files;
}
