import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** A figure with an aim: both are printed, and nothing fails over it. */
export interface Aim {
  what: string
  measured: number
  atMost?: number
  atLeast?: number
  unit: string
}

/** What one benchmark found. */
export interface Finding {
  name: string
  title: string
  /** How it was measured, in a sentence or two. */
  how: string
  columns: readonly string[]
  rows: readonly (readonly (string | number)[])[]
  aims: readonly Aim[]
}

/** A finding with the day and the machine's load around it. */
export interface Dated extends Finding {
  measuredOn: string
  loadBefore: number
  loadAfter: number
}

export function isMet(aim: Aim): boolean {
  return aim.measured <= (aim.atMost ?? Infinity) && aim.measured >= (aim.atLeast ?? -Infinity)
}

/** As Markdown: what is printed can be put on a page as it is. */
export function asText(finding: Dated): string {
  const { columns, rows } = finding
  const lines = [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  const aims = finding.aims.map((aim) => `- ${aimText(aim)}`)
  const load = `Load of the machine ${finding.loadBefore.toFixed(1)} before, ${finding.loadAfter.toFixed(1)} after.`
  return [`## ${finding.title}`, `${finding.how} ${load}`, lines.join('\n'), aims.join('\n')].join('\n\n')
}

function aimText(aim: Aim): string {
  const { what, measured, atMost, atLeast, unit } = aim
  const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`
  const digits = measured < 10 ? 2 : 0
  return `${what}: ${measured.toFixed(digits)} ${unit} (aim ${wanted}): ${isMet(aim) ? 'met' : 'missed'}`
}

/** The machine in words. */
export function machine(): string {
  const name = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${cpus().length}-core virtual machine (${model}), ${gigabytes} GB, ${name}, Node ${process.versions.node}`
}

export function load(): number {
  return loadavg()[0]!
}
