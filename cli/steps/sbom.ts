import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { packageFolder } from '../../server/kernel/added-plugins.ts'

interface Manifest {
  name: string
  version: string
  description?: string
  license?: string | { type?: string }
  licenses?: { type?: string }[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** A package that is installed and runs with Veza. */
export interface Component {
  /** Package URL, as `pkg:npm/koa@3.3.0`. */
  purl: string
  name: string
  version: string
  description: string
  /** SPDX expression, or what the package says instead; empty where it says nothing. */
  licence: string
  /** Package URLs. */
  needs: string[]
}

/** Veza itself, then every package it runs with, as they lie on this disk: each version once, by name. */
export async function installedComponents(): Promise<{ own: Component; others: Component[] }> {
  const known = new Map<string, Component>()
  const visit = async (folder: string): Promise<Component> => {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
    const component = componentOf(manifest)
    const found = known.get(component.purl)
    if (found) return found
    known.set(component.purl, component)
    const names = new Set([
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.optionalDependencies ?? {}),
    ])
    for (const name of [...names].sort()) {
      // Optional ones for other machines are not there.
      const home = await homeOf(name, folder)
      if (home) component.needs.push((await visit(home)).purl)
    }
    return component
  }
  const own = await visit(packageFolder())
  known.delete(own.purl)
  return { own, others: [...known.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)) }
}

/** Where a package is found from a folder, as Node looks for it. */
async function homeOf(name: string, from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name)
    const isThere = await readFile(join(home, 'package.json')).then(
      () => true,
      () => false,
    )
    if (isThere) return home
    if (folder === dirname(folder)) return null
  }
}

function componentOf({ name, version, description, license, licenses }: Manifest): Component {
  const said = typeof license === 'object' ? license.type : license
  const older = licenses?.flatMap(({ type }) => (type ? [type] : [])).join(' OR ')
  return {
    purl: `pkg:npm/${name.replace(/^@/, '%40')}@${encodeURIComponent(version)}`,
    name,
    version,
    description: description ?? '',
    licence: said ?? older ?? '',
    needs: [],
  }
}

/** The list as CycloneDX 1.6. */
export function cycloneDx({ own, others }: { own: Component; others: Component[] }, now: Date) {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { timestamp: now.toISOString(), component: { ...entryOf(own), type: 'application' } },
    components: others.map((component) => ({ ...entryOf(component), type: 'library' })),
    dependencies: [own, ...others].map(({ purl, needs }) => ({ ref: purl, dependsOn: [...needs].sort() })),
  }
}

function entryOf({ purl, name, version, description, licence }: Component) {
  const [, group, short] = /^(@[^/]+)\/(.+)$/.exec(name) ?? []
  return {
    'bom-ref': purl,
    ...(group ? { group } : {}),
    name: short ?? name,
    version,
    ...(description ? { description } : {}),
    ...(licence ? { licenses: [licenceOf(licence)] } : {}),
    purl,
  }
}

/** One SPDX id, an expression of several, or words. */
function licenceOf(licence: string) {
  if (/^[A-Za-z0-9.+-]+$/.test(licence)) return { license: { id: licence } }
  return / (?:AND|OR|WITH) /.test(licence) ? { expression: licence } : { license: { name: licence } }
}
