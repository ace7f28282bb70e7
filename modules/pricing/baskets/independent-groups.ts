/**
 * Splits the offers into independent groups: offers of different groups have no line in common, so
 * each group is solved separately. The order of the offers is kept.
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
  const groups = new Map<number, T[]>()
  offers.forEach((offer, i) => {
    const group = groups.get(root(i))
    if (group === undefined) groups.set(root(i), [offer])
    else group.push(offer)
  })
  return [...groups.values()]
}
