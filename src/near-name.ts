/** Names up to this length often differ by only one letter, such as HOST and HOME. */
const SHORT = 5

/**
 * Finds the most similar of the known names, with at most two letters added, removed, changed or
 * swapped. For a short name only two swapped neighbours count.
 */
export function nearName(name: string, names: readonly string[]): string | undefined {
  const near = names
    .map((candidate) => ({ candidate, edits: editsBetween(name, candidate) }))
    .filter(({ candidate, edits }) => {
      if (candidate.length > SHORT) return edits <= 2
      return edits === 1 && sorted(candidate) === sorted(name)
    })
  return near.sort((a, b) => a.edits - b.edits)[0]?.candidate
}

function sorted(text: string): string {
  return [...text].sort().join('')
}

/**
 * The optimal string alignment distance: letters added, removed or changed, and neighbours swapped.
 */
function editsBetween(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : change
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    ;[before, last] = [last, row]
  }
  return last[b.length] ?? 0
}
