/** Boundaries of the modules. Each rule says why it is there; scripts/gate/boundaries.ts applies them. */

/** Tests and what is written for them: a.test.ts, testing/a.ts. */
const TEST = '\\.test\\.ts$|/testing/'
/** The parts of src that a module may use. */
const SHELL = '^src/(env|db|cache|log|http|israel-time|storage)([-./]|$)'

/** The folders of each room, lowest first: a folder may use those before it, never those after it. */
const LAYERS = {
  'modules/catalog': ['reference', 'text', 'categories', 'search', 'stores', 'products', 'publish'],
  'modules/pricing': [
    'spans',
    'terms',
    'descriptions',
    'promotions',
    'baskets',
    'prices',
    'publish',
  ],
  'modules/ingestion': [
    ...['files', 'promotions', 'staging', 'lists', 'runs', 'sources'],
    ...['archive', 'kaggle', 'quality'],
  ],
  'modules/ingestion/kaggle': ['client', 'download'],
  'modules/ingestion/quality': ['reading', 'inventory', 'profile', 'validate'],
  'modules/analytics': [
    ...['sellers', 'trends', 'comparison', 'stores', 'optimize', 'baskets', 'deals', 'queries'],
  ],
  'src/http': ['contract', 'paging', 'answer', 'export', 'docs'],
  src: ['db', 'cache', 'http', 'limits', 'auth', 'telemetry', 'commands'],
}

function layerRules() {
  return Object.entries(LAYERS).flatMap(([room, folders]) =>
    folders.slice(0, -1).map((folder, i) => ({
      name: `layers-of-${room.replaceAll('/', '-')}-${folder}`,
      comment: `Imports in ${room} go one way, so that ${folder} can be read without what is built on it.`,
      severity: 'error',
      from: { path: `^${room}/${folder}/`, pathNot: TEST },
      to: { path: `^${room}/(${folders.slice(i + 1).join('|')})/` },
    })),
  )
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Files that need each other are one file in disguise: none of them can be understood or tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-broken-imports',
      comment: 'An import that leads nowhere hides whatever is behind it from all the other rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^bun(:|$)' },
    },
    {
      name: 'modules-through-their-index',
      comment:
        'A module promises what its index.ts exports; the rest of it may change without asking anyone.',
      severity: 'error',
      from: { path: '^modules/([^/]+)/' },
      to: { path: '^modules/[^/]+/', pathNot: ['^modules/$1/', '^modules/[^/]+/index\\.ts$'] },
    },
    {
      name: 'shell-through-the-index',
      comment:
        'The shell and the scripts use a module by what its index.ts exports; migrations alone need its tables.',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: ['^scripts/migrations/', TEST] },
      to: { path: '^modules/[^/]+/', pathNot: '^modules/[^/]+/index\\.ts$' },
    },
    {
      name: 'catalog-stands-alone',
      comment:
        'Everything stands on the catalog: would it ask pricing for a price, no list of products were one read.',
      severity: 'error',
      from: { path: '^modules/catalog/', pathNot: TEST },
      to: { path: '^modules/(?!catalog/)' },
    },
    {
      name: 'pricing-on-catalog-only',
      comment:
        'Prices must not depend on how they got here (ingestion) or on who reads them (analytics).',
      severity: 'error',
      from: { path: '^modules/pricing/', pathNot: TEST },
      to: { path: '^modules/(?!pricing/|catalog/)' },
    },
    {
      name: 'nobody-needs-the-ends',
      comment:
        'Ingestion and analytics are the ends of the arrows: either can be taken away, and the other modules stand.',
      severity: 'error',
      from: { path: '^modules/([^/]+)/', pathNot: TEST },
      to: { path: '^modules/(ingestion|analytics)/', pathNot: '^modules/$1/' },
    },
    {
      name: 'modules-on-the-shared-shell-only',
      comment:
        'A module that knew the app or the process could not be tested, or moved to a process of its own.',
      severity: 'error',
      from: { path: '^modules/', pathNot: TEST },
      to: { path: '^src/', pathNot: SHELL },
    },
    {
      name: 'shell-without-modules',
      comment:
        'The shell serves every module alike; only app.ts, which puts them together, and the commands know which there are.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(app\\.ts$|commands/)', TEST] },
      to: { path: '^modules/' },
    },
    {
      name: 'no-scripts-in-the-product',
      comment:
        'Scripts are tools around the product; only serve.ts, which offers the sample, starts one.',
      severity: 'error',
      from: { path: '^(src|modules)/', pathNot: ['^src/commands/serve\\.ts$', TEST] },
      to: { path: '^scripts/' },
    },
    {
      name: 'no-test-code-in-the-product',
      comment: 'What is written for tests may drop databases, and is not there in an image.',
      severity: 'error',
      from: { path: '^(src|modules)/', pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      comment: 'A production install leaves dev dependencies out: the product would not start.',
      severity: 'error',
      from: { path: '^(src|modules)/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-dependencies',
      comment: 'A package that package.json does not name is there by luck, in whatever version.',
      severity: 'error',
      from: { path: '^(src|modules|scripts)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    ...layerRules(),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
}
