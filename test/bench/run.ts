import { readFile, writeFile } from 'node:fs/promises'
import { api } from './api.ts'
import { boot } from './boot.ts'
import { cameras } from './cameras.ts'
import { chat } from './chat.ts'
import { delivery } from './delivery.ts'
import { glass } from './glass.ts'
import { identity } from './identity.ts'
import { importing } from './import.ts'
import { ingest } from './ingest.ts'
import { jobs } from './jobs.ts'
import { asText, type Dated, type Finding, load, machine } from './kit/report.ts'
import { late } from './late.ts'
import { library } from './library.ts'
import { listening } from './listening.ts'
import { livePlaylists } from './playlists.ts'
import { renditions } from './renditions.ts'
import { replays } from './replays.ts'
import { startup } from './startup.ts'
import { uploading } from './uploads.ts'
import { viewers } from './viewers.ts'

const benchmarks: Record<string, (options: readonly string[]) => Promise<Finding>> = {
  ingest,
  late,
  startup,
  delivery,
  glass,
  viewers,
  cameras,
  replays,
  boot,
  api,
  chat,
  jobs,
  identity,
  renditions,
  import: importing,
  uploads: uploading,
  library,
  listening,
  playlists: livePlaylists,
}
const resultsFile = new URL('./results.json', import.meta.url)

interface Results {
  machine: string
  findings: Dated[]
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Results stay in the order of the benchmarks; what was not measured now stays as it was. */
async function keep(findings: readonly Dated[]): Promise<void> {
  const text = await readFile(resultsFile, 'utf8').catch(() => '{"findings":[]}')
  const before = (JSON.parse(text) as Results).findings
  const all = Object.keys(benchmarks).flatMap(
    (name) =>
      findings.find((finding) => finding.name === name) ??
      before.find((finding) => finding.name === name) ??
      [],
  )
  const results: Results = { machine: machine(), findings: all }
  await writeFile(resultsFile, `${JSON.stringify(results, null, 2)}\n`)
}

/** `npm run bench`: everything; `npm run bench -- NAME…`: some; what follows NAME: is told to it, as in ingest:50. */
async function run(asked: readonly string[]): Promise<void> {
  const wanted = (asked.length > 0 ? asked : Object.keys(benchmarks)).map((word) => {
    const [name = '', options] = word.split(':')
    const work = benchmarks[name]
    if (!work) throw new Error(`No benchmark ${name}. There are: ${Object.keys(benchmarks).join(', ')}`)
    return { work, options: options?.split(',') ?? [] }
  })
  say(`${machine()}\n`)
  for (const { work, options } of wanted) {
    const loadBefore = load()
    const finding = await work(options)
    const measuredOn = new Date().toISOString().slice(0, 10)
    const dated = { ...finding, measuredOn, loadBefore, loadAfter: load() }
    say(`${asText(dated)}\n`)
    await keep([dated])
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
