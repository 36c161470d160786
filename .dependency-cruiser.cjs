// The import directions of docs/architecture, checked on every change (npm run check:rules).
const LAYERS =
  '^(domain|db|gateways|activities|workflows|views|api|workers|local|bench|faults|security|test)/|^config\\.ts$'
const never = (name, from, to) => ({ name, severity: 'error', from, to })
const only = (layer, ...allowed) =>
  never(
    `${layer} -> ${allowed.join(' ') || 'nothing'}`,
    { path: `^${layer}/` },
    { path: LAYERS, pathNot: [`${layer}/`, ...allowed].map((path) => `^${path}`) },
  )
const JUDGES =
  '^faults/(checker|lines|log|office|person|registering|random|catalogue/[a-z-]+-rules\\.ts$)'
const pure = { path: '^(workflows|domain)/', pathNot: '^domain/schemas/' }
module.exports = {
  forbidden: [
    never('no-cycles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    only('domain'),
    only('views', 'domain/'),
    only('gateways', 'domain/'),
    only('db', 'domain/'),
    only('workflows', 'domain/', 'activities/'),
    only('activities', 'domain/', 'db/', 'gateways/', 'views/emails/'),
    only('api', 'domain/', 'db/', 'views/', 'workflows/', 'gateways/', 'config'),
    only('local', 'domain/', 'db/', 'gateways/', 'config'),
    only('workers', 'domain/', 'db/', 'gateways/', 'activities/', 'workflows/', 'config'),
    never(
      'activities-are-types-to-workflows',
      { path: '^workflows/' },
      { path: '^activities/', dependencyTypesNot: ['type-only'] },
    ),
    never('pure-code-has-no-node', pure, { dependencyTypes: ['core'] }),
    never('pure-code-packages', pure, {
      path: 'node_modules/',
      pathNot: 'node_modules/(@temporalio/(workflow|common)|dinero\\.js)/',
    }),
    never('rules-and-stories-carry-no-schemas', pure, { path: '^domain/schemas/' }),
    never('models-stay-in-db', { pathNot: '^(db|test)/' }, { path: '^db/models/' }),
    never(
      'models-are-strangers',
      { path: '^db/models/', pathNot: 'index\\.ts$' },
      { path: '^db/models/' },
    ),
    never(
      'wiring-at-the-door',
      { path: '^api/', pathNot: '^api/server\\.ts$' },
      { path: '^(gateways/|config)' },
    ),
    // What judges Gari shares no code with it: a mistake of ours must not hide itself.
    never('the-checker-knows-no-gari', { path: JUDGES }, { path: LAYERS, pathNot: JUDGES }),
    // One way only: a bench may use what faults have.
    never('faults-know-no-bench', { path: '^faults/' }, { path: '^bench/' }),
    never(
      'nobody-imports-tests-or-local',
      { pathNot: '^(test|local|bench|faults|security)/' },
      { path: '^(test|local|bench|faults|security)/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
}
