import process from 'node:process'

type Command = (args: string[]) => Promise<number>

/**
 * The commands of the program: the server and its jobs. The code of a command is loaded when it
 * runs.
 */
const COMMANDS = new Map<string, { says: string; run: Command }>([
  [
    'serve',
    {
      says: 'serve the API (also without a command)',
      run: async () => (await import('./commands/serve.ts')).run((options) => Bun.serve(options)),
    },
  ],
  [
    'ingest',
    {
      says: 'load dataset versions; ingest --help says more',
      run: async (args) => (await import('./commands/ingest/ingest.ts')).run(args),
    },
  ],
  [
    'migrate',
    {
      says: 'handle the schema of the database; migrate --help says more',
      run: async (args) => (await import('./commands/migrate.ts')).run(args),
    },
  ],
  [
    'keys',
    {
      says: 'make, list and revoke API keys; keys --help says more',
      run: async (args) => (await import('./commands/keys.ts')).run(args),
    },
  ],
])

const USAGE = `Usage: bun src/main.ts [COMMAND]

${[...COMMANDS].map(([name, { says }]) => `  ${name.padEnd(9)}${says}`).join('\n')}`

async function main([name = 'serve', ...args]: string[]): Promise<number> {
  const command = COMMANDS.get(name)
  if (command !== undefined) return command.run(args)
  if (name === '--help') {
    console.log(USAGE)
    return 0
  }
  console.error(`Cannot run ${name}: there is no such command; --help lists them`)
  return 2
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
