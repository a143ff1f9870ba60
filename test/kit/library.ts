import { readdir, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { join, relative } from 'node:path'
import type { Track } from '#plugins/catalog'
import type { Asset } from '#plugins/media'
import type { Storage } from '#sdk'
import { type Database, openDatabase } from '../../server/db/index.ts'
import { mediaOrphans } from './orphans.ts'
import { childrenOf } from './processes.ts'
import type { RunningServer } from './server.ts'
import { type Answer, Visitor } from './visitor.ts'
import { eventually } from './wait.ts'

const uploads = '/api/v1/media/uploads'
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** What a request of the upload protocol was answered. */
interface Told {
  status: number
  id: string
  offset: number
  /** Name of the problem, and its sentences. */
  problem: string | null
  title: string | null
  detail: string | null
}

/** The owner's music at a running server, and what lies behind it on the disk. */
export class Library extends Visitor {
  readonly #server: RunningServer
  #token = ''

  constructor(server: RunningServer) {
    super(server)
    this.#server = server
  }

  /** Signed in. */
  static async open(server: RunningServer): Promise<Library> {
    const library = new Library(server)
    library.#token = (await library.signIn()).accessToken
    return library
  }

  get authorization(): string {
    return `Bearer ${this.#token}`
  }

  /** Announces a file. */
  begin(filename: string, sizeBytes: number): Promise<Told> {
    const metadata = `filename ${base64(filename)}`
    return this.ask('POST', uploads, { 'upload-length': `${sizeBytes}`, 'upload-metadata': metadata })
  }

  /** Sends bytes of one that was announced. */
  send(id: string, bytes: Buffer, offset = 0): Promise<Told> {
    const headers = { 'upload-offset': `${offset}`, 'content-type': 'application/offset+octet-stream' }
    return this.ask('PATCH', `${uploads}/${id}`, headers, bytes)
  }

  /** A whole file: the answer to its last bytes, or the refusal. */
  async bring(filename: string, bytes: Buffer): Promise<Told> {
    const begun = await this.begin(filename, bytes.length)
    return begun.status === 201 ? this.send(begun.id, bytes) : begun
  }

  arrived(id: string): Promise<Told> {
    return this.ask('HEAD', `${uploads}/${id}`, {})
  }

  async ask(method: string, path: string, headers: Record<string, string>, body?: Buffer): Promise<Told> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'tus-resumable': '1.0.0', authorization: this.authorization, ...headers },
      ...(body ? { body: body as never } : {}),
    })
    const text = await response.text()
    return toldBy(response.status, text, (name) => response.headers.get(name), path)
  }

  /** Sends a part of a file, then what `pause` waited for, then the rest; as slowly as that takes. */
  sendSlowly(id: string, bytes: Buffer, cut: number, pause: () => Promise<unknown>): Promise<Told> {
    const headers = {
      'tus-resumable': '1.0.0',
      authorization: this.authorization,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': `${bytes.length}`,
    }
    return new Promise((resolve, reject) => {
      const req = request(`${this.url}${uploads}/${id}`, { method: 'PATCH', headers }, (res) => {
        let text = ''
        res.on('data', (chunk: Buffer) => (text += chunk))
        res.on('end', () => {
          const header = (name: string) => [res.headers[name]].flat()[0] ?? null
          resolve(toldBy(res.statusCode ?? 0, text, header, id))
        })
      })
      req.on('error', reject)
      req.write(bytes.subarray(0, cut), () => {
        pause().then(() => req.end(bytes.subarray(cut)), reject)
      })
    })
  }

  asset(id: string): Promise<Answer<Asset>> {
    return this.call<Asset>(`/api/v1/media/assets/${id}`)
  }

  /** The file once it is ready or failed. */
  settled(id: string, withinMs?: number): Promise<Asset> {
    const ask = async () => {
      const { body } = await this.asset(id)
      return body.state === 'ready' || body.state === 'failed' ? body : null
    }
    return eventually(`an end of file ${id}`, ask, withinMs)
  }

  /** Arranges files into releases, publishes those; their tracks. */
  async publish(assetIds: string[]): Promise<Track[]> {
    const { body } = await this.call<{ releases: { slug: string }[] }>('/api/v1/catalog/drafts', {
      body: { assetIds },
    })
    const tracks: Track[] = []
    for (const { slug } of body.releases) {
      const at = `/api/v1/catalog/releases/${slug}`
      const published = await this.call(`${at}/publish`, { body: { at: null } })
      if (published.status !== 200) throw new Error(JSON.stringify(published.body))
      tracks.push(...(await this.call<{ items: Track[] }>(`${at}/tracks`)).body.items)
    }
    return tracks
  }

  /** The site's own folder. */
  get folder(): string {
    return join(this.#server.dataDir, 'sites/main')
  }

  /** With the site's database, beside the server or while it is down. */
  async withDatabase<T>(work: (db: Database['db']) => Promise<T>): Promise<T> {
    const database = await openDatabase({ location: join(this.folder, 'veza.db') })
    try {
      return await work(database.db)
    } finally {
      await database.close()
    }
  }

  /** Files that no row leads to, half-made ones too, and those a row names that are not there. */
  orphans(): Promise<string[]> {
    const storage = { list: (prefix: string) => filesBelow(join(this.folder, 'storage'), prefix) }
    return this.withDatabase((db) => mediaOrphans({ db, storage: storage as unknown as Storage }))
  }

  /** Encoders and decoders at work for the server. */
  encoders(): Promise<number[]> {
    return childrenOf(this.#server.pid, 'filter_complex')
  }

  async storedAt(folder: string): Promise<{ key: string; sizeBytes: number }[]> {
    const found: { key: string; sizeBytes: number }[] = []
    for await (const one of filesBelow(join(this.folder, 'storage'), folder)) found.push(one)
    return found
  }
}

function toldBy(status: number, text: string, header: (name: string) => string | null, path: string): Told {
  const said = text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {}
  return {
    status,
    id: header('location')?.split('/').at(-1) ?? path.split('/').at(-1) ?? '',
    offset: Number(header('upload-offset') ?? -1),
    problem: said.type?.replace('urn:veza:problem:', '') ?? null,
    title: said.title ?? null,
    detail: said.detail ?? null,
  }
}

/** All of them, with the temporary ones. */
async function* filesBelow(root: string, prefix: string): AsyncIterable<{ key: string; sizeBytes: number }> {
  const folder = join(root, prefix)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const found = entry.isFile() ? await stat(path).catch(() => null) : null
    if (found) yield { key: relative(root, path), sizeBytes: found.size }
  }
}
