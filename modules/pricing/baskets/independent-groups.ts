/**
 * Parts the offers into independentGroups: those of one have no line in common with those of another, so that each island is
 * solved by itself. Order is kept.
 */
export function independentGroups<T extends { lines: readonly { index: number }[] }>(
  offers: readonly T[],
): T[][] {
  const parent = offers.map((_, i) => i)
  const root = (i: number): number => {
    let at = i
    while (parent[at] !== at) at = parent[at] as number
    return at
  }
  const byLine = new Map<number, number>()
  offers.forEach(({ lines }, i) => {
    for (const { index } of lines) {
      const other = byLine.get(index)
      if (other === undefined) byLine.set(index, i)
      else parent[root(i)] = root(other)
    }
  })
  const found = new Map<number, T[]>()
  offers.forEach((offer, i) => {
    const island = found.get(root(i))
    if (island === undefined) found.set(root(i), [offer])
    else island.push(offer)
  })
  return [...found.values()]
}
