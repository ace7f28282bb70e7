/** scripts/new-service.sh NAME */
import { runTool } from '../gate/run-tool.ts'
import { writeComponent } from './component.ts'
import {
  checkName,
  formatSources,
  insertBefore,
  insertPath,
  readFile,
  writeFiles,
} from './files.ts'

function moduleFiles(name: string): Record<string, string> {
  const Name = name.replace(/^./, (letter) => letter.toUpperCase())
  return {
    'index.ts': `export { ${name}Routes } from './routes.ts'\n`,
    'routes.ts': `import { type Static, Type } from '@sinclair/typebox'
import type { ReadContext } from '../../src/http/contract/read-context.ts'
import { itemRoute } from '../../src/http/contract/route.ts'

const schema = Type.Object(
  { products: Type.Integer({ description: 'Products in the published dataset.' }) },
  { title: '${Name}', example: { products: 152_110 } },
)

/** A figure counted at the last publish. */
async function read${Name}({ generation }: ReadContext): Promise<Static<typeof schema>> {
  return { products: generation.stats.products ?? 0 }
}

/** Describe here what ${name} is for. */
export const ${name}Routes = [
  itemRoute({
    path: '/v1/${name}',
    operationId: 'get${Name}',
    summary: 'What ${name} knows',
    tag: '${name}',
    responseSchema: schema,
    handler: read${Name},
  }),
]
`,
    'routes.test.ts': `import { afterAll, beforeAll, expect, test } from 'bun:test'
import { startTestApi, type TestApi } from '../../src/testing/test-app.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

test('${name} returns its figures', async () => {
  expect(await api.data('/v1/${name}')).toEqual({ products: 5 })
  expect((await api.ask('/v1/${name}?colour=red')).status).toBe(400)
})
`,
  }
}

/** The route is on the same host; the longest matching path wins. */
function patchIngress(name: string): string {
  return `- op: add
  path: /spec/rules/0/http/paths/0
  value:
    path: /v1/${name}
    pathType: Prefix
    backend:
      service:
        name: ${name}
        port:
          name: http
`
}

/** docs/openapi.json with the new route, and docs/capacity.md with the new pods. */
async function generateDerivedFiles(): Promise<void> {
  const { code, stderr } = await runTool([process.execPath, 'scripts/generate.ts'])
  if (code !== 0) throw new Error(`Cannot generate the derived files: ${stderr}`)
}

async function main(): Promise<void> {
  const name = checkName(process.argv[2])
  writeFiles(
    Object.fromEntries(
      Object.entries(moduleFiles(name)).map(([file, text]) => [`modules/${name}/${file}`, text]),
    ),
  )
  insertBefore(
    'src/app.ts',
    /^import .* from '\.\/db\//m,
    `import { ${name}Routes } from '../modules/${name}/index.ts'\n`,
  )
  insertBefore('src/app.ts', /^ {4}\.\.\.authRoutes/m, `    ...${name}Routes,\n`)
  insertBefore(
    'src/http/docs/openapi.ts',
    /^ {2}\{ name: 'health'/m,
    `  { name: '${name}', description: 'Say here what ${name} is for' },\n`,
  )
  insertPath('src/http/docs/docs.test.ts', `/v1/${name}`)
  writeComponent(name, {
    like: 'api',
    change: (yaml) => yaml.replace('replicas: 2', 'replicas: 1'),
    files: {
      'service.yaml': readFile('kustomize/base/service.yaml').replaceAll(
        'name: api',
        `name: ${name}`,
      ),
      'patch-ingress.yaml': patchIngress(name),
    },
    readme: `# ${name}

The API once more, for \`/v1/${name}\` alone: pods of its own that scale, roll and fail apart from the others. Without this
component the pods of the base answer that route, too.
`,
  })
  await formatSources(name)
  await generateDerivedFiles()
  console.log(`
${name} is there. Next:

  npm test -- modules/${name}      its own test
  npm run check                   types, lint, boundaries, manifests
  npm start                       then curl localhost:3000/v1/${name}
  git diff && git status          what was written; modules/${name}/routes.ts is where to begin`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}
