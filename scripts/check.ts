/**
 * npm run check [-- STEP…]: the checks of `npm test` that are not tests: all, or the named ones.
 */
import { steps } from './gate/steps.ts'

const names = process.argv.slice(2)
const unknown = names.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(
    `Cannot check ${unknown.join(', ')}: the steps are ${steps.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}
let failed = 0
for (const step of names.length > 0 ? steps.filter(({ name }) => names.includes(name)) : steps) {
  const absent = step.missing()
  if (absent) {
    console.log(`${step.title}: not run: ${absent}`)
    if (process.env.CI === 'true') failed++
    continue
  }
  const before = performance.now()
  const { passed, report } = await step.run()
  const fix = step.fix === undefined ? '' : `to mend it: ${step.fix}\n`
  const seconds = ((performance.now() - before) / 1000).toFixed(1)
  console.log(`${step.title}: ${passed ? 'passed' : `failed\n\n${report}\n${fix}`} (${seconds} s)`)
  if (!passed) failed++
}
process.exit(failed > 0 ? 1 : 0)
