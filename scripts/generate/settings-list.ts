const WIDTH = 100

/** The settings of a `.env.example` as a Markdown list: name, default, help. */
export function settingsList(envExample: string): string {
  const settings = envExample.matchAll(/^# (.+)\n# ([A-Z][A-Z0-9_]*)=(.*)$/gm)
  return [...settings]
    .map(([, help = '', name = '', fallback = '']) => {
      const value = fallback === '' ? 'empty' : `\`${fallback}\``
      return wrap(`- \`${name}\` (${value}): ${help}`)
    })
    .join('\n')
}

function wrap(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length < WIDTH)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(line === undefined ? word : `  ${word}`)
  }
  return lines.join('\n')
}
