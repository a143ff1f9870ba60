import { sleep } from '/work/main/test/bench/kit/numbers.ts'
import { usageOf } from '/work/main/test/bench/kit/processes.ts'
import { publishAll } from '/work/main/test/bench/kit/source.ts'
import { publishUrls, startVeza } from '/work/main/test/bench/kit/veza.ts'

const n = Number(process.argv[2] ?? 20)
const veza = await startVeza()
const ing = veza.ingestPid()
const p = await publishAll(publishUrls(veza, n))
await sleep(Number(process.argv[3] ?? 10000))
const a = usageOf([ing]),
  t = performance.now()
await sleep(20000)
const b = usageOf([ing])
console.log(
  'cpu/stream-min',
  ((b.cpuS - a.cpuS) / ((n * (performance.now() - t)) / 60000)).toFixed(3),
  'rss',
  b.residentMb,
)
await p.stop()
await veza.stop()
