/** Every error that a person can meet: a stable code, what it means, what to do. Printed by the command line and the web alike. */

const table = {
  USAGE: 'The command was called with arguments that do not fit. See its --help.',
  CONFIG_INVALID: 'An environment variable has a value that cannot be used. Correct it and start again.',
  FILE_UNREADABLE: 'A file could not be read. Check its path and permissions.',
  PUBLICATION_INVALID:
    'The publication file has a field that cannot be used. Correct the line named and run the command again.',
  PUBLICATION_UNKNOWN: 'No publication has this slug. Create it with: broadsheet publication FILE.yaml',
  TEMPLATE_INVALID:
    'A template of the publication cannot be used, so its mail cannot be made. Correct the line named, or go back to the built-in one: in the console under Settings, the publication, Templates, or by leaving its name out of `templates` in the YAML file.',
  LANES_INVALID: 'LANES_FILE has a field that cannot be used. Correct the line named and start again.',
  ISSUE_UNKNOWN: 'No issue has this id or slug. `broadsheet send` prints the one to use.',
  MANUSCRIPT_UNKNOWN: 'There is no such text; it may have been thrown away. The list of texts shows those there are.',
  ISSUE_REFUSED: 'The checks found errors in the issue; nothing was sent. Correct the lines named and send again.',
  ISSUE_ALREADY_SENT: 'The same text was sent to this publication before. If you mean to send it again, add --again.',
  ISSUE_UNCHANGED: 'The file says what the issue says already; there is nothing to correct.',
  ISSUE_CORRECTED:
    'Somebody else corrected the issue in the meantime. Look at what it says now, then run the command again.',
  RESEND_UNSURE:
    'Readers in state unknown may have the message: the relay’s answer to it was lost. To send it to them again all the same, add --yes.',
  ISSUE_STATE: 'The issue is in a state that does not allow this. `broadsheet status ISSUE` shows it.',
  MANUSCRIPT_CHANGED:
    'Somebody saved another text of it meanwhile. Look at that, then try again; nothing was overwritten.',
  EDITION_NEWER:
    'The issue was stored by a newer version of Broadsheet. Processes of that version send it; update the others.',
  EDITION_UNREADABLE:
    'The stored text of the issue cannot be read. Restore the database from its backup, or cancel the issue.',
  CSV_UNREADABLE: 'The subscriber file cannot be read as CSV with an e-mail column. Nothing was imported.',
  MOVE_IN_UNREADABLE: 'The export is not in a form that move-in knows. Nothing was moved.',
  POOL_UNKNOWN:
    'The publication has no such pool of discount codes. Fill one with: broadsheet codes add NAME FILE --publication SLUG',
  POOL_EXPIRED:
    'The discount codes cannot be used any more when the issue arrives. Name another pool, or set its last day with: broadsheet codes add --expires',
  CODES_SHORT:
    'There are fewer discount codes than readers who would get one. Add more with: broadsheet codes add NAME FILE --publication SLUG',
  STAFF_UNKNOWN: 'No account of the console has this address. An owner sees all of them at /console/staff.',
  SUBSCRIBER_UNKNOWN: 'No subscriber has this address.',
  ADDRESS_INVALID: 'This is not an e-mail address that mail can be sent to.',
  WEBHOOK_URL:
    'Nothing can be sent to this URL. Give an https URL of a public host, without user, password or fragment.',
  WEBHOOK_UNKNOWN: 'No webhook has this number. See: broadsheet webhook list',
  WEBHOOKS_FULL: 'There are as many webhooks as are allowed. Remove one with: broadsheet webhook remove ID',
  WEBHOOK_SECRET:
    'SECRET_KEYS no longer has the key that the secret was sealed with. Put it back, or make a new secret with: broadsheet webhook rotate ID',
  ALERT_UNKNOWN: 'No open alert has this number. See: broadsheet alerts',
  DKIM_INVALID:
    'The DKIM key cannot sign: mail would leave unsigned. Check DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY_FILE.',
  SECRET_KEYS_MISSING:
    'SECRET_KEYS is not set although a database is. Readers’ links are signed with it: set it to 32 or more random characters.',
  SMTP_UNSET: 'No relay is configured. Set SMTP_URL, for example smtp://user:password@relay.example:587',
  RELAY_UNKNOWN:
    'The publication names a relay (delivery.relay) that no entry of SMTP_URL has with ?name=. Correct one of the two.',
  SMTP_UNREACHABLE: 'The relay does not answer or refuses to serve us; nothing was sent. Check SMTP_URL and the relay.',
  SMTP_REFUSED:
    'The relay refuses us before any message. Check the login in SMTP_URL and our standing with the relay; then resume the issue.',
  DATABASE_UNREACHABLE: 'Postgres does not answer. Check DATABASE_URL, or unset it to use the embedded one.',
  REDIS_UNREACHABLE: 'Redis does not answer. Check REDIS_URL, or unset it to use the embedded one.',
  REDIS_UNSAFE: 'Redis may drop queued work under memory pressure. Set maxmemory-policy to noeviction.',
  REDIS_MISSING: 'Neither redis-server nor valkey-server is installed. Run scripts/setup.mjs, or set REDIS_URL.',
  BACKUP_UNWRITABLE: 'The backup could not be written; nothing is left of it. Choose another file, or make room.',
  BACKUP_DAMAGED:
    'The file is not a whole backup: cut off, altered, or something else. Nothing was restored from it. Take another copy.',
  BACKUP_NEWER: 'The backup was made by a newer version of Broadsheet. Restore it with that version or a later one.',
  DATABASE_OCCUPIED:
    'The database holds rows. Restore into an empty one; or add --force, which puts what is there aside first, and `restore --undo` puts it back.',
  DATABASE_IN_USE:
    'Something else is connected to the database. End serve, work and every other command first, on all hosts; give the address of Postgres itself, not of a pooler.',
  EMBEDDED_FAILED: 'An embedded server did not start. Its log is in DATA_DIR; remove DATA_DIR to start afresh.',
  SEGMENT_UNKNOWN: 'The publication has no segment of this name. List them with GET …/segments.',
  SUBSCRIBER_SUPPRESSED:
    'This address must not be mailed: it bounced, complained, or its owner asked. Remove the suppression first, if its owner wants mail again.',
  UNAUTHORIZED: 'A valid token is needed: Authorization: Bearer bs_… (broadsheet token create).',
  FORBIDDEN: 'The token lacks the scope that this needs. Make one that has it: broadsheet token create.',
  ROUTE_UNKNOWN: 'Nothing is at this address. /api/v1/openapi.json lists what there is.',
  METHOD_WRONG: 'This address does not take this method. The Allow header lists those it takes.',
  MEDIA_TYPE_WRONG: 'Send the body as application/json in UTF-8, without a Content-Encoding.',
  BODY_TOO_LARGE: 'The body is larger than this route takes.',
  BODY_UNREADABLE: 'The body is not JSON that can be read.',
  CURSOR_INVALID: 'The cursor is not one that this list gave. Begin again without it.',
  REQUEST_INVALID: 'Some values cannot be used. `errors` names each.',
  RATE_EXCEEDED: 'The token has used up its requests for this minute. Wait as long as Retry-After says.',
  IDEMPOTENCY_KEY_INVALID: 'An Idempotency-Key has 1 to 255 printable ASCII characters.',
  IDEMPOTENCY_KEY_REUSED: 'This Idempotency-Key came with another request before. Use a new one for each request.',
  IDEMPOTENCY_KEY_RUNNING: 'The first request with this Idempotency-Key is still running. Ask again in a moment.',
  BUSY: 'Another request is doing this just now. Try again in a moment.',
  UNAVAILABLE: 'A service that this needs does not answer. Try again in a moment.',
  INTERNAL: 'Something went wrong here; the log says what, under the number named.',
} as const;

export type ErrorCode = keyof typeof table;

/** An error with a stable code. `detail` says what happened here; `help` what to do, the table's words by default. */
export class BroadsheetError extends Error {
  readonly code: ErrorCode;
  readonly help: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Names and numbers of `detail`, for whoever says it in another language. */
  readonly values: Record<string, string | number> | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    at: {
      file?: string;
      line?: number;
      help?: string;
      cause?: unknown;
      values?: Record<string, string | number>;
    } = {},
  ) {
    super(detail, { cause: at.cause });
    this.name = 'BroadsheetError';
    this.code = code;
    this.help = at.help ?? table[code];
    this.file = at.file;
    this.line = at.line;
    this.values = at.values;
  }
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
