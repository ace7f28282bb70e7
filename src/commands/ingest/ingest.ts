import { UsageError, usageLine } from '../arguments.ts'

type Subcommand = {
  form: string
  says: string
  /** Loads the code of the command, which takes the arguments and returns the exit code. */
  load: () => Promise<{ run(args: string[]): Promise<number> }>
}

const PATHS: Subcommand = {
  form: 'PATH…',
  says: 'load dataset versions: directories of CSVs, zips as Kaggle serves them, or a directory of such',
  load: () => import('./paths.ts'),
}

const DATASET: Subcommand = {
  form: '--dataset NAME [--version N | --all | --since YYYY-MM-DD]',
  says: 'load a dataset that is registered (/v1/datasets); which versions is for those of Kaggle',
  load: () => import('./dataset.ts'),
}

/**
 * The commands by the first argument, which is not passed on. Any other first argument is a PATH.
 */
const SUBCOMMANDS = new Map<string, Subcommand>([
  [
    'kaggle',
    {
      form: 'kaggle [--version N | --all | --since YYYY-MM-DD]',
      says: 'load from Kaggle (DATASET_ID): the newest version, one, all of them oldest first, or all since that day',
      load: () => import('./kaggle.ts'),
    },
  ],
  [
    'auth',
    {
      form: 'auth --check',
      says: 'say which credentials for Kaggle there are, and whether they work',
      load: () => import('./auth.ts'),
    },
  ],
  [
    'archive',
    {
      form: 'archive [DATE…]',
      says: 'load the versions that were kept, of these days or all, oldest first',
      load: () => import('./archive.ts'),
    },
  ],
  [
    'inventory',
    {
      form: 'inventory PATH… [--out DIR]',
      says: 'list the files of versions by chain and type: rows, source files, stores, moments, what the parser counted',
      load: () => import('./inventory.ts'),
    },
  ],
  [
    'profile',
    {
      form: 'profile PATH… [--out DIR]',
      says: 'describe every column of every CSV: nulls, distinct values, range, samples',
      load: () => import('./profile.ts'),
    },
  ],
  [
    'validate',
    {
      form: 'validate PATH… [--out DIR]',
      says: 'check versions before or after loading, against each other and the database (docs/data-quality.md)',
      load: () => import('./validate.ts'),
    },
  ],
])

const ALL = [PATHS, DATASET, ...SUBCOMMANDS.values()]

const USAGE = `Usage: npm run ingest -- ${ALL.map(({ form }) => form).join(' | ')} [options]

${ALL.map(({ form, says }) => `  ${form}\n      ${says}`).join('\n')}

  --out DIR   of a report: where it is written, as Markdown and JSON (DATA_DIR/reports/VERSION unless told)
  --json      one machine-readable summary on the last line
  --dry-run   read and count, write nothing
  --force     read again what is already loaded
  --help      this text

Exit codes: 0 loaded (rejected rows are counted, they are no failure), 1 a file could not be
loaded or read (validate: a finding is an error), 2 wrong usage, 3 another run holds the lock.`

/** `ingest …`: loads dataset versions. */
export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const [name = '', ...rest] = args
  const subcommand = SUBCOMMANDS.get(name)
  const others = args.some((arg) => /^--dataset(=|$)/.test(arg)) ? DATASET : PATHS
  const { run } = await (subcommand ?? others).load()
  try {
    return await run(subcommand === undefined ? args : rest)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(usageLine('ingest', 'ingest', error))
    return 2
  }
}
