import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Plugin, parseAst } from 'vite'

interface Name {
  name?: string
}
interface Statement {
  type: string
  start: number
  end: number
  source?: { value: string } | null
  specifiers?: { imported?: Name; local: Name; exported?: Name }[]
}

/**
 * Turns `import { call, Button } from '#web'` of a plugin into imports from the files that have them: the index names
 * the whole kit, and the browser would load all of it with the first page.
 */
export function directImports(index: string): Plugin {
  let homes = new Map<string, string>()
  return {
    name: 'direct-imports',
    buildStart() {
      homes = homesOf(index)
    },
    transform: {
      filter: { id: /\/plugins\/[\w-]+\/web\/.*\.tsx?$/ },
      handler(code) {
        const { body } = this.parse(code) as unknown as { body: Statement[] }
        return { code: redirect(code, body, homes), map: null }
      },
    },
  }
}

/** The module with each import of the index as one import a name. */
export function redirect(code: string, body: Statement[], homes: ReadonlyMap<string, string>): string {
  const ours = body.filter(({ type, source }) => type === 'ImportDeclaration' && source?.value === '#web')
  return ours.reverse().reduce((text, { start, end, specifiers = [] }) => {
    const lines = specifiers.map(({ imported, local }) => {
      const from = homes.get(imported?.name ?? '') ?? '#web'
      return `import { ${imported?.name} as ${local.name} } from ${JSON.stringify(from)}`
    })
    return text.slice(0, start) + lines.join('\n') + text.slice(end)
  }, code)
}

/** What an index gives, by name, with the file it comes from; also through another index it gives as a whole. */
export function homesOf(index: string): Map<string, string> {
  const homes = new Map<string, string>()
  const { body } = parseAst(readFileSync(index, 'utf8'), { lang: 'ts' }) as unknown as { body: Statement[] }
  for (const { type, source, specifiers = [] } of body) {
    if (!source) continue
    const file = join(dirname(index), source.value)
    if (type === 'ExportAllDeclaration') for (const [name, home] of homesOf(file)) homes.set(name, home)
    // An export under another name has to go by the index.
    for (const { local, exported } of specifiers)
      if (exported?.name && exported.name === local.name) homes.set(exported.name, file)
  }
  return homes
}
