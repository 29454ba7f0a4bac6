/**
 * Search of Korean text: what each way finds of questions made from an issue's own words, with particles put on and taken off, compounds
 * written together and apart, and Latin names; and how fast the archive's search answers with 200 issues of ten summaries.
 * npm run bench -- search [ISSUE.md]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentsOf, type SearchDocument } from '../src/archive/documents.ts';
import { compose } from '../src/compose/compose.ts';
import { connectDatabase, type Sql } from '../src/db/client.ts';
import { migrate } from '../src/db/migrate.ts';
import { putPublication } from '../src/db/publications.ts';
import { searchArchive } from '../src/db/search.ts';
import { acquireEmbedded } from '../src/embedded/lifecycle.ts';
import { searchQuery } from '../src/model/search-text.ts';
import { benchIssue, median, benchPublication as publication, table } from './support.ts';

const particles = ['을', '의', '에서', '으로', '과'];
const endings = /(?:으로|에서|에게|까지|부터|하는|합니다|입니다|이라는|은|는|이|가|을|를|의|에|도|로|와|과)$/;

interface Question {
  kind: string;
  text: string;
  /** A document fits when its words, as written with blanks, have these one after the other, each as the beginning of a word. */
  stems: string[];
}

/** Every `step`th word of the documents, in each form that a reader may type. */
function questionsOf(documents: readonly SearchDocument[], step: number): Question[] {
  const texts = documents.map(one => `${one.title}\n${one.body}`);
  const words = [...new Set(texts.flatMap(text => text.match(/[가-힣]{3,}/g) ?? []))];
  const stems = [...new Set(words.filter(word => endings.test(word)).map(word => word.replace(endings, '')))];
  const nouns = stems.filter(stem => stem.length >= 2);
  const pairs = [...new Set(texts.flatMap(text => text.match(/[가-힣]{2,4} [가-힣]{2,4}(?= )/g) ?? []))];
  const latin = [...new Set(texts.flatMap(text => text.match(/\b[A-Z][A-Za-z]{2,}\b/g) ?? []))];
  const pick = <T>(list: T[]) => list.filter((_, at) => at % step === 0).slice(0, 60);
  return [
    ...pick(nouns).map(stem => ({ kind: 'bare', text: stem, stems: [stem] })),
    ...pick(nouns).map((stem, at) => ({
      kind: 'other particle',
      text: stem + particles[at % particles.length],
      stems: [stem],
    })),
    ...pick(pairs).map(pair => ({ kind: 'written together', text: pair.replace(' ', ''), stems: pair.split(' ') })),
    ...pick(latin).map(name => ({ kind: 'Latin name', text: name.toLowerCase(), stems: [name.toLowerCase()] })),
    ...pick(latin).map(name => ({ kind: 'Latin with particle', text: `${name}의`, stems: [name.toLowerCase()] })),
  ];
}

/** Independent of every way measured: words by blanks and punctuation, small letters. */
function fits(document: SearchDocument, { stems }: Question): boolean {
  const words = `${document.title}\n${document.body}`
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap(word => word.match(/[가-힣]+|[^가-힣]+/g) ?? []);
  return words.some((_, at) => stems.every((stem, nth) => words[at + nth]?.startsWith(stem) ?? false));
}

type Way = (sql: Sql, question: Question) => Promise<number[]>;

const own: Way = async (sql, { text }) => {
  const query = searchQuery(text);
  if (!query) return [];
  return (await searchArchive(sql, 1, query, 300)).map(hit => hit.summary);
};
const numbers = (rows: { summary: number }[]) => rows.map(row => row.summary);
const ways: Record<string, Way> = {
  'pairs of syllables (ours)': own,
  'words as Postgres parses them': async (sql, { text }) =>
    numbers(await sql`select summary from bench where words @@ plainto_tsquery('simple', ${text})`),
  'pg_trgm, word similarity ≥ 0.6': async (sql, { text }) =>
    numbers(await sql`select summary from bench where ${text} <% text`),
  'pg_trgm, substring': async (sql, { text }) =>
    numbers(await sql`select summary from bench where text ilike ${`%${text}%`}`),
};

async function quality(sql: Sql, documents: SearchDocument[], locale: string): Promise<(string | number)[][]> {
  await sql`create extension if not exists pg_trgm`;
  await sql`create table bench (summary int, text text, words tsvector)`;
  for (const { summary, title, body } of documents)
    await sql`insert into bench values (${summary}, ${`${title}\n${body}`}, to_tsvector('simple', ${`${title}\n${body}`}))`;
  await store(sql, 1, documents);
  const questions = questionsOf(documents, 3);
  const kinds = [...new Set(questions.map(one => one.kind))];
  const rows: (string | number)[][] = [];
  for (const [name, way] of Object.entries(ways)) {
    const cells: string[] = [];
    for (const kind of kinds) {
      let [hit, wanted, given] = [0, 0, 0];
      for (const question of questions.filter(one => one.kind === kind)) {
        const right = new Set(documents.filter(one => fits(one, question)).map(one => one.summary));
        const found = await way(sql, question);
        hit += found.filter(one => right.has(one)).length;
        wanted += right.size;
        given += found.length;
      }
      cells.push(`${percent(hit, wanted)} / ${percent(hit, given)}`);
    }
    rows.push([name, locale, ...cells]);
  }
  return [
    ['way', 'locale', ...kinds.map(kind => `${kind} (${questions.filter(one => one.kind === kind).length})`)],
    ...rows,
  ];
}

const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`);

/** Rows as publishing leaves them. */
async function store(sql: Sql, issues: number, documents: SearchDocument[]): Promise<void> {
  const { id } = await putPublication(sql, publication);
  for (let n = 0; n < issues; n++) {
    const [issue] = await sql<{ id: number }[]>`
      insert into issues (publication_id, slug, state, title, source_hash, started_at)
      values (${id}, ${`issue-${n}`}, 'sent', ${`호 ${n}`}, ''::bytea, now() - ${n}::int * interval '7 days') returning id`;
    await sql`
      insert into search_documents (issue_id, summary, publication_id, title, body, squashed, tokens)
      select ${issue!.id}, d.summary, ${id}, d.title, d.body, d.squashed, array_to_tsvector(d.tokens)
      from jsonb_to_recordset(${sql.json(documents as never)})
        as d (summary int, title text, body text, squashed text, tokens text[])`;
  }
}

/** Each issue says the same in another order, so that every word is in every issue: the worst case. */
async function speed(sql: Sql, documents: SearchDocument[]): Promise<(string | number)[][]> {
  await store(sql, 200, documents);
  await sql`analyze search_documents`;
  const rows: (string | number)[][] = [];
  for (const text of ['모델', '모델을 학습', 'AI', '개인맞춤형 교육', '없는낱말', 'a 의 이']) {
    const query = searchQuery(text);
    if (!query) continue;
    const times: number[] = [];
    let hits = 0;
    for (let round = 0; round < 21; round++) {
      const start = performance.now();
      hits = (await searchArchive(sql, 1, query, 11)).length;
      times.push(performance.now() - start);
    }
    rows.push([text, hits > 10 ? 'more than 10' : hits, median(times).toFixed(1), Math.max(...times).toFixed(1)]);
  }
  return rows;
}

export async function main([file]: string[]): Promise<void> {
  const { issue } = compose(benchIssue(file), { publication });
  const documents = documentsOf(issue, []);
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  const servers = await acquireEmbedded(folder, { postgres: true, redis: false });
  const admin = connectDatabase(servers.databaseUrl!, 1);
  try {
    await admin`create database bench_utf8 template template0 encoding 'UTF8' locale 'C.UTF-8'`;
    const tables: (string | number)[][][] = [];
    for (const [name, locale] of [
      ['broadsheet', 'C'],
      ['bench_utf8', 'C.UTF-8'],
    ] as const) {
      const sql = connectDatabase(servers.databaseUrl!.replace('/broadsheet?', `/${name}?`), 2);
      await migrate(sql);
      tables.push(await quality(sql, documents, locale));
      await sql.end();
    }
    const [head, ...rows] = [...tables[0]!, ...tables[1]!.slice(1)] as [string[], ...(string | number)[][]];
    console.log(`recall / precision over ${documents.length} documents\n\n${table(head, rows)}\n`);
    const sql = connectDatabase(servers.databaseUrl!, 2);
    await sql`truncate search_documents, issues cascade`;
    console.log(`${table(['question', 'hits', 'median ms', 'slowest ms'], await speed(sql, documents))}\n`);
    await sql.end();
  } finally {
    await admin.end();
    await servers.release();
    await rm(folder, { recursive: true, force: true });
  }
}
