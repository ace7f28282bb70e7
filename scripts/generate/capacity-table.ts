import { buildOverlays } from '../gate/delivery/build.ts'
import { mostUsed } from '../gate/delivery/rules-quota.ts'

const GIB = 2 ** 30

/** The most that the pods of each overlay request, as a Markdown table. */
export async function capacityTable(): Promise<string> {
  const overlays = await buildOverlays()
  const rows = overlays
    // every service that somebody tries changes `local`
    .filter(({ overlay }) => overlay !== 'local')
    .map(({ overlay, objects }) => {
      const used = mostUsed(objects)
      const side = (name: string) => {
        const memory = (used[`${name}.memory`] ?? 0) / GIB
        return `${(used[`${name}.cpu`] ?? 0).toFixed(2)} CPU, ${memory.toFixed(1)} GiB`
      }
      const storage = `${((used['requests.storage'] ?? 0) / GIB).toFixed(0)} GiB`
      const cells = [`\`${overlay}\``, used.pods, side('requests'), side('limits'), storage]
      return `| ${cells.join(' | ')} |`
    })
  return [
    '| overlay | pods at most | requests | limits | volumes |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
