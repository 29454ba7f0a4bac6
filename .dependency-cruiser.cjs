/** The import rules of the design: the data flows one way, one owner per library. */
const steps = 'compose|render|personalise|enqueue|deliver|track|subscribers|archive';

const exceptions = {
  compose: ['^src/render/'],
  deliver: ['^src/personalise/', '^src/track/tokens\\.ts$'],
  personalise: ['^src/track/tokens\\.ts$'],
};

/** Only files matching `owner` may import the package. */
const owned = (library, owner) => ({
  name: `owner-of-${library.replace(/\W/g, '-')}`,
  comment: `${library} has one owner`,
  severity: 'error',
  from: { path: '^(src|workers)/', pathNot: owner },
  to: { path: `^node_modules/${library}(/|$)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-imports-workers', severity: 'error', from: { pathNot: '^workers/' }, to: { path: '^workers/' } },
    {
      name: 'nothing-imports-tests-or-bench',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { path: '^(tests|bench)/' },
    },
    // Steps meet through rows and jobs. The exceptions: compose → render (preview), deliver → personalise, and the reader's token, which
    // personalise writes and deliver hands to it.
    ...steps.split('|').map(step => ({
      name: `${step}-stays-apart`,
      severity: 'error',
      from: { path: `^src/${step}/` },
      to: { path: `^src/(${steps})/`, pathNot: [`^src/${step}/`, ...(exceptions[step] ?? [])] },
    })),
    {
      name: 'steps-know-only-what-is-below',
      comment:
        'db, queue, model, errors, log, config (for its types) are below the steps; commands, http, wiring, embedded, inbox above.',
      severity: 'error',
      from: { path: `^src/(${steps})/` },
      to: { path: '^src/(cli\\.ts|wiring\\.ts|commands|http|embedded|inbox|alerts|webhooks)' },
    },
    {
      name: 'webhooks-know-only-what-is-below',
      comment:
        'Outgoing webhooks read rows and send them; alerts stand above, and use the sender, the relays and the looks of the steps.',
      severity: 'error',
      from: { path: '^src/webhooks/' },
      to: { path: `^src/(${steps}|cli\\.ts|wiring\\.ts|commands|http|embedded|inbox|alerts)/?` },
    },
    {
      name: 'db-and-queue-are-below',
      severity: 'error',
      from: { path: '^src/(db|queue)/' },
      to: { path: `^src/(${steps}|commands|http|embedded|inbox|alerts|webhooks|wiring\\.ts|cli\\.ts)` },
    },
    {
      name: 'model-is-at-the-bottom',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { path: '^src/', pathNot: '^src/model/' },
    },
    {
      name: 'replies-is-a-leaf',
      comment:
        'What servers say when they refuse, for deliver (our own sessions) and track (reports): the steps may import it.',
      severity: 'error',
      from: { path: '^src/replies/' },
      to: { pathNot: '^src/replies/' },
    },
    {
      name: 'errors-and-log-know-nothing',
      severity: 'error',
      from: { path: '^src/(errors|log)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(errors|log)\\.ts$' },
    },
    {
      name: 'workers-load-no-web-server',
      comment: 'It doubles the time to start, and after a crash that is time without sending.',
      severity: 'error',
      from: { path: '^(workers/|src/commands/work\\.ts)' },
      to: { path: '^src/http/', reachable: true },
    },
    {
      name: 'client-runs-in-browsers',
      comment: 'Scripts of the console: of ours they know each other and plain types.',
      severity: 'error',
      from: { path: '^src/http/console/client/' },
      to: { path: '^src/', pathNot: ['^src/http/console/client/', '^src/model/'] },
    },
    {
      name: 'public-and-console-apart',
      severity: 'error',
      from: { path: '^src/http/(public|console)/' },
      to: { path: '^src/http/(public|console)/', pathNot: '^src/http/$1/' },
    },
    {
      name: 'pure-steps-do-no-io',
      comment: 'personalise does none, render only loads its templates.',
      severity: 'error',
      from: { path: '^src/(render|personalise)/', pathNot: '^src/render/templates\\.ts$' },
      to: { path: '^(node:)?(fs|net|http|https|dns|child_process|tls)(/|$)' },
    },
    owned('nodemailer', '^src/deliver/'),
    owned('bullmq', '^src/queue/'),
    owned('ioredis', '^src/queue/'),
    owned('postgres', '^src/(db|embedded)/'),
    owned('mjml', '^src/render/'),
    owned('handlebars', '^src/render/'),
    owned('@bull-board', '^src/http/console/'),
    owned('smtp-server', '^src/(inbox|track/intake)/'),
    owned('ipaddr.js', '^src/(webhooks/|http/client-ip)'),
    owned('imapflow', '^src/track/intake/'),
    owned('altcha-lib', '^src/http/public/signup/'),
    owned('disposable-email-domains-js', '^src/subscribers/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
