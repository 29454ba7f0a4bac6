/** The commands: parse arguments, call one function, print. Each command's module is loaded only when it runs. */
import { Command, CommanderError } from 'commander';
import type { RestoreOptions } from './commands/backup.ts';
import type { CommentListOptions } from './commands/comments.ts';
import type { CorrectOptions } from './commands/correct.ts';
import type { LedgerOptions, StatusOptions } from './commands/issues.ts';
import type { MoveInCommandOptions } from './commands/move-in.ts';
import { createOutput, type Output, reportError } from './commands/output.ts';
import type { ResendOptions } from './commands/resend.ts';
import type { SendOptions } from './commands/send.ts';
import type { WebhookAddOptions } from './commands/webhook.ts';
import type { WorkOptions } from './commands/work.ts';

const program = new Command('broadsheet')
  .description('Newsletter delivery: one Markdown issue, whole, to every reader’s inbox.')
  .option('--json', 'print one JSON object on the last line')
  .helpOption('-h, --help', 'show what a command does')
  .showHelpAfterError('Run it with --help to see examples.')
  .addHelpText(
    'after',
    help([
      'broadsheet demo',
      'broadsheet compose issue.md --out preview',
      'broadsheet send issue.md --publication llm-watch --wait',
    ]),
  )
  .configureOutput({ writeErr: text => process.stderr.write(text) })
  .exitOverride();

function help(examples: string[]): string {
  return `\nExamples:\n${examples.map(example => `  $ ${example}`).join('\n')}`;
}

/** Adds a command with examples and --json. */
function command(usage: string, description: string, examples: string[]): Command {
  return program
    .command(usage)
    .description(description)
    .option('--json', 'print one JSON object on the last line')
    .addHelpText('after', help(examples));
}

let exitCode = 0;

function run(work: (output: Output, ...args: never[]) => Promise<number>) {
  return async (...args: unknown[]) => {
    const used = args.at(-1) as Command;
    const output = createOutput(Boolean(used.optsWithGlobals().json));
    try {
      exitCode = await work(output, ...(args.slice(0, -1) as never[]));
    } catch (error) {
      exitCode = reportError(error, output.json);
    }
  };
}

command(
  'compose <file>',
  'Turn an issue into files, without any server: HTML, text, the whole message, a report with the byte budget.',
  [
    'broadsheet compose issue.md --out preview',
    'broadsheet compose issue.md --out preview --publication llm-watch.yaml --json',
  ],
)
  .requiredOption('--out <folder>', 'where issue.json, email.html, email.txt, email.eml and report.json go')
  .option('--publication <file>', 'publication file with name, language and brand')
  .action(
    run(async (output, file: string, options: { out: string; publication?: string }) =>
      (await import('./commands/compose.ts')).composeCommand(file, options, output),
    ),
  );

command('publication <file>', 'Create or update a publication from its YAML file.', [
  'broadsheet publication llm-watch.yaml',
]).action(run(async (output, file: string) => (await import('./commands/lists.ts')).publicationCommand(file, output)));

command('import <file>', 'Take subscribers in from a CSV file: any common encoding, Korean or English headers.', [
  'broadsheet import readers.csv --publication llm-watch',
])
  .requiredOption('--publication <slug>', 'whose subscribers they become')
  .action(
    run(async (output, file: string, options: { publication: string }) =>
      (await import('./commands/lists.ts')).importCommand(file, options, output),
    ),
  );

command(
  'move-in <from> <path...>',
  'Take over from another system: listmonk, ghost, substack, mailchimp, stibee or keila. Shows what it would do; --apply does it. PATH is what the system exported: files, or the unpacked folder of a ZIP.',
  [
    'broadsheet move-in mailchimp export-folder --publication llm-watch',
    'broadsheet move-in ghost members.csv my-blog.ghost.json --publication llm-watch --apply',
    'broadsheet move-in listmonk left.csv --publication llm-watch --as unsubscribed --apply',
  ],
)
  .requiredOption('--publication <slug>', 'whose subscribers they become')
  .option('--apply', 'do it; without this nothing is written')
  .option('--site <url>', 'address of the old site, for links in past issues that name none')
  .option('--as <state>', 'take those who would be active as pending or unsubscribed')
  .action(
    run(async (output, from: string, paths: string[], options: MoveInCommandOptions) =>
      (await import('./commands/move-in.ts')).moveInCommand(from, paths, options, output),
    ),
  );

command('send <file>', 'Check an issue and send it to every active subscriber.', [
  'broadsheet send issue.md --publication llm-watch --wait',
  'broadsheet send issue.md --publication llm-watch --test me@example.com',
  'broadsheet send issue.md --publication llm-watch --at "2026-12-01 08:00"',
  'broadsheet send issue.md --publication llm-watch --local-time 08:00 --at 2026-12-01',
  'broadsheet send issue.md --publication llm-watch --subject "One" --subject "Another" --trial-share 20',
  'broadsheet send issue.md --publication llm-watch --rehearse',
])
  .requiredOption('--publication <slug>', 'the publication it belongs to')
  .option('--at <time>', 'when, in the publication’s time zone; beside --local-time, the day')
  .option('--local-time <time>', 'at this time of each reader’s own day, as 08:00')
  .option(
    '--subject <text>',
    'a subject to try on a part of the readers; two to four of them',
    (text: string, before: string[] = []) => [...before, text],
  )
  .option('--trial-share <percent>', 'of the readers, who try the subjects, 5 to 50 (20)')
  .option('--trial-measure <measure>', 'clicks or likes (clicks)')
  .option('--trial-hours <hours>', 'from when they have it to the decision, 1 to 24 (4)')
  .option('--test <address...>', 'send only to these addresses, marked as a test')
  .option('--rehearse', 'do everything but deliver: mail goes to a built-in sink')
  .option('--wait', 'show progress and end with the accounting')
  .option('--again', 'send a text that was sent before')
  .option('--allow-large', 'send although Gmail will cut it off')
  .action(
    run(async (output, file: string, options: SendOptions) =>
      (await import('./commands/send.ts')).sendCommand(file, options, output),
    ),
  );

command('status <issue>', 'The accounting of an issue: who has it, who waits, who was left out.', [
  'broadsheet status issue-12',
  'broadsheet status issue-12 --watch',
])
  .option('--watch', 'look again every second until the issue is done or stopped')
  .action(
    run(async (output, issue: string, options: StatusOptions) =>
      (await import('./commands/issues.ts')).statusCommand(issue, options, output),
    ),
  );

command('report <issue>', 'What readers did: likes, clicks, unsubscribes.', ['broadsheet report issue-12']).action(
  run(async (output, issue: string) => (await import('./commands/issues.ts')).reportCommand(issue, output)),
);

command('subscriber <address>', 'What is known of an address.', ['broadsheet subscriber reader@example.com']).action(
  run(async (output, address: string) => (await import('./commands/lists.ts')).subscriberCommand(address, output)),
);

command('ledger <issue>', 'Who got an issue, who did not, and why, as CSV.', [
  'broadsheet ledger issue-12 --state rejected',
  'broadsheet ledger issue-12 --missing --out missing.csv',
])
  .option(
    '--state <state>',
    'only these: queued, sending, accepted, deferred, rejected, expired, unknown, excluded; or remainder: all who did not get it',
  )
  .option('--missing', 'the same as --state remainder')
  .option('--revisions', 'one more column: the revision that each reader was sent')
  .option('--out <file>', 'write to a file instead of the terminal')
  .action(
    run(async (output, issue: string, options: LedgerOptions) =>
      (await import('./commands/issues.ts')).ledgerCommand(issue, options, output),
    ),
  );

for (const [act, description] of [
  ['pause', 'Stop a send for now; nothing new goes out within a second.'],
  ['resume', 'Go on with a paused or held send.'],
  ['cancel', 'Stop a send for good; those not reached yet are left out.'],
] as const) {
  command(`${act} <issue>`, description, [`broadsheet ${act} issue-12`]).action(
    run(async (output, issue: string) => (await import('./commands/issues.ts')).controlCommand(act, issue, output)),
  );
}

command('choose <issue> <variant>', 'Choose the subject of a trial now; the rest of the readers get it.', [
  'broadsheet choose issue-12 2',
]).action(
  run(async (output, issue: string, variant: string) =>
    (await import('./commands/issues.ts')).chooseCommand(issue, variant, output),
  ),
);

command('correct <issue> <file>', 'Correct an issue: the web copy and all mails that have not left yet.', [
  'broadsheet correct issue-12 issue.md --note "The authors of paper 3 were wrong"',
  'broadsheet correct issue-12 issue.md --erratum erratum.md',
])
  .option('--note <text>', 'what was corrected, in one line; shown over the web copy')
  .option('--erratum <file>', 'a short text that goes to those who have an older revision, and to nobody else')
  .option('--allow-large', 'correct although Gmail will cut it off')
  .action(
    run(async (output, issue: string, file: string, options: CorrectOptions) =>
      (await import('./commands/correct.ts')).correctCommand(issue, file, options, output),
    ),
  );

command('resend <issue>', 'Show who did not get an issue and why, or send it to some of them again.', [
  'broadsheet resend issue-12',
  'broadsheet resend issue-12 --state expired --state rejected',
  'broadsheet resend issue-12 --state unknown --yes',
])
  .option('--state <state...>', 'whom to send it again: unknown, expired, rejected or cancelled')
  .option('--yes', 'send also to those who may have it already')
  .action(
    run(async (output, issue: string, options: ResendOptions) =>
      (await import('./commands/resend.ts')).resendCommand(issue, options, output),
    ),
  );

for (const [name, description, load] of [
  [
    'serve',
    'Run the web server: readers’ links, archive, console.',
    async () => (await import('./commands/serve.ts')).serveCommand,
  ],
  ['dev', 'Run the web server and the workers together.', async () => (await import('./commands/serve.ts')).devCommand],
] as const) {
  command(name, description, [`broadsheet ${name}`]).action(run(async () => (await load())()));
}

command('work', 'Run the workers that plan and deliver. Any number of hosts may run them.', [
  'broadsheet work --processes 4',
  'broadsheet work --only deliver --processes 8',
])
  .option('--processes <n>', 'delivering processes on this host (1)')
  .option(
    '--only <roles>',
    'plan, deliver, events, tick, webhooks, intake, separated by commas (all; intake where one is configured)',
  )
  .action(run(async (_output, options: WorkOptions) => (await import('./commands/work.ts')).workCommand(options)));

command('bounces <path>', 'Read bounces and complaints that came back: a message, an mbox, a Maildir or a folder.', [
  'broadsheet bounces /var/mail/bounces --dry-run',
  'broadsheet bounces ~/Maildir --json',
])
  .option('--dry-run', 'only show what they mean; needs no server')
  .action(
    run(async (output, path: string, options: { dryRun?: boolean }) =>
      (await import('./commands/bounces.ts')).bouncesCommand(path, options, output),
    ),
  );

command('demo', 'Everything at once with a sample publication, readers, an issue, and a local inbox to read it in.', [
  'broadsheet demo',
  'broadsheet demo --once',
])
  .option('--once', 'end after the send, with the accounting')
  .action(
    run(async (output, options: { once?: boolean }) =>
      (await import('./commands/demo.ts')).demoCommand(options, output),
    ),
  );

command('doctor', 'Check relay, Postgres, Redis, DKIM key and DNS records, each with what to do.', [
  'broadsheet doctor',
])
  .option('--publication <slug>', 'also check this publication’s sending domain')
  .action(
    run(async (output, options: { publication?: string }) =>
      (await import('./commands/doctor.ts')).doctorCommand(options, output),
    ),
  );

command('backup', 'Write everything that is in the database into one file, as it stands at this moment.', [
  'broadsheet backup',
  'broadsheet backup --out /backup/monday.gz',
])
  .option('--out <file>', 'where it goes; never over a file that is there (broadsheet-TIME.backup.gz)')
  .action(
    run(async (output, options: { out?: string }) =>
      (await import('./commands/backup.ts')).backupCommand(options, output),
    ),
  );

command('restore [file]', 'Put a backup into an empty database. Sends that were under way are held.', [
  'broadsheet restore monday.gz --check',
  'broadsheet restore monday.gz',
  'broadsheet restore --undo',
])
  .option('--check', 'only see whether the file is whole; needs no server')
  .option('--force', 'also where there are rows: they are put aside first')
  .option('--undo', 'put back what --force put aside')
  .action(
    run(async (output, file: string | undefined, options: RestoreOptions) =>
      (await import('./commands/backup.ts')).restoreCommand(file, options, output),
    ),
  );

command('retention', 'Take away what is older than it is kept: readers’ acts and ledgers become counts.', [
  'broadsheet retention --dry-run',
])
  .option('--dry-run', 'only show what would go')
  .action(
    run(async (output, options: { dryRun?: boolean }) =>
      (await import('./commands/retention.ts')).retentionCommand(options, output),
    ),
  );

command('workers', 'The processes at work: where, since when, how fast, and how their lanes are.', [
  'broadsheet workers',
]).action(run(async output => (await import('./commands/workers.ts')).workersCommand(output)));

const token = program.command('token').description('Programs’ access to the API.');
token
  .command('create <name>')
  .description('Make a token; it is shown once.')
  .requiredOption('--scope <scopes>', 'what it may do, with commas; docs/api.md lists the scopes')
  .option('--expires <days>', 'days until it ends; never when left out')
  .option('--json', 'print one JSON object on the last line')
  .action(
    run(async (output, name: string, options: { scope: string; expires?: string }) =>
      (await import('./commands/token.ts')).tokenCreateCommand(name, options, output),
    ),
  );
token
  .command('list')
  .description('All tokens, without their secrets.')
  .option('--json', 'print one JSON object on the last line')
  .action(run(async output => (await import('./commands/token.ts')).tokenListCommand(output)));
token
  .command('revoke <id>')
  .description('End a token.')
  .option('--json', 'print one JSON object on the last line')
  .action(run(async (output, id: string) => (await import('./commands/token.ts')).tokenRevokeCommand(id, output)));

const staff = program.command('staff').description('Accounts of the console.');
staff
  .command('link <email>')
  .description('A link for a new password, for who cannot log in and gets no mail.')
  .option('--without-second', 'also switch their two-step login off: phone and recovery codes are lost')
  .option('--json', 'print one JSON object on the last line')
  .action(
    run(async (output, email: string, options: { withoutSecond?: boolean }) =>
      (await import('./commands/staff.ts')).staffLinkCommand(email, options, output),
    ),
  );

const codes = program.command('codes').description('Discount codes, one for each reader.');
codes
  .command('add <pool> <file>')
  .description('Fill a pool from a file with a code a line, or a CSV with a column for them.')
  .requiredOption('--publication <slug>', 'whose readers they are for')
  .option('--expires <day>', 'last day on which they can be used, as 2026-12-31')
  .option('--json', 'print one JSON object on the last line')
  .action(
    run(async (output, pool: string, file: string, options: { publication: string; expires?: string }) =>
      (await import('./commands/codes.ts')).codesAddCommand(pool, file, options, output),
    ),
  );
codes
  .command('list')
  .description('All pools: how many codes are given out, used and left.')
  .requiredOption('--publication <slug>', 'whose pools')
  .option('--json', 'print one JSON object on the last line')
  .action(
    run(async (output, options: { publication: string }) =>
      (await import('./commands/codes.ts')).codesListCommand(options, output),
    ),
  );
codes
  .command('redeemed <pool> <file>')
  .description('Mark the codes that a shop lists as used.')
  .requiredOption('--publication <slug>', 'whose pool it is')
  .option('--json', 'print one JSON object on the last line')
  .action(
    run(async (output, pool: string, file: string, options: { publication: string }) =>
      (await import('./commands/codes.ts')).codesRedeemedCommand(pool, file, options, output),
    ),
  );

const comments = program.command('comments').description('What readers wrote under issues, and moderating it.');
comments
  .command('list')
  .description('Comments that wait for a moderator, newest first.')
  .option('--publication <slug>', 'of one publication')
  .option('--state <state>', 'pending, published or hidden', 'pending')
  .option('--before <id>', 'only older ones')
  .option('--json', 'print one JSON object on the last line')
  .action(
    run(async (output, options: CommentListOptions) =>
      (await import('./commands/comments.ts')).listCommentsCommand(options, output),
    ),
  );
for (const [act, state, description] of [
  ['publish', 'published', 'Show comments to everyone; their writers’ next ones show at once.'],
  ['hide', 'hidden', 'Take comments away; their writers’ next ones wait.'],
] as const) {
  comments
    .command(`${act} <id...>`)
    .description(description)
    .option('--json', 'print one JSON object on the last line')
    .action(
      run(async (output, ids: string[]) =>
        (await import('./commands/comments.ts')).decideCommentsCommand(ids, state, output),
      ),
    );
}

const alerts = command('alerts', 'What is in trouble now, and what to do.', [
  'broadsheet alerts',
  'broadsheet alerts ack 12',
])
  .option('--all', 'also what is over, of the last 90 days')
  .action(
    run(async (output, options: { all?: boolean }) =>
      (await import('./commands/alerts.ts')).alertsCommand(options, output),
    ),
  );
alerts
  .command('ack <id>')
  .description('Say that somebody looks after it: no more reminders until it is over.')
  .option('--json', 'print one JSON object on the last line')
  .action(run(async (output, id: string) => (await import('./commands/alerts.ts')).alertAckCommand(id, output)));

const webhook = program.command('webhook').description('Tell other programs what happens: signed POSTs.');
webhook
  .command('add <url>')
  .description('Tell this URL; its secret is shown once.')
  .requiredOption('--events <types>', 'of what, with commas: issue.sent, issue.*, subscriber.*, link.clicked …')
  .option('--addresses', 'with readers’ addresses')
  .option('--json', 'print one JSON object on the last line')
  .addHelpText('after', help(['broadsheet webhook add https://crm.example/hook --events issue.sent,subscriber.*']))
  .action(
    run(async (output, url: string, options: WebhookAddOptions) =>
      (await import('./commands/webhook.ts')).webhookAddCommand(url, options, output),
    ),
  );
webhook
  .command('list')
  .description('All webhooks, without their secrets.')
  .option('--json', 'print one JSON object on the last line')
  .action(run(async output => (await import('./commands/webhook.ts')).webhookListCommand(output)));
for (const [act, description] of [
  ['remove', 'Tell it nothing more.'],
  ['enable', 'Take one up again that was disabled.'],
  ['rotate', 'Make a new secret; for a day both sign.'],
  ['test', 'Send it one message now.'],
  ['deliveries', 'What was sent to it lately, and what came of it.'],
] as const) {
  webhook
    .command(`${act} <id>`)
    .description(description)
    .option('--json', 'print one JSON object on the last line')
    .action(
      run(async (output, id: string) => {
        const commands = await import('./commands/webhook.ts');
        const work = {
          remove: commands.webhookRemoveCommand,
          enable: commands.webhookEnableCommand,
          rotate: commands.webhookRotateCommand,
          test: commands.webhookTestCommand,
          deliveries: commands.webhookDeliveriesCommand,
        };
        return work[act](id, output);
      }),
    );
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  exitCode = error.exitCode === 0 ? 0 : 2;
}
// Output that a pipe has not taken yet is written before the process ends by itself.
process.exitCode = exitCode;
