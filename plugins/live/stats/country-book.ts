import { readFile } from 'node:fs/promises'
import type { CountryResponse } from 'mmdb-lib'
import type { Log } from '#sdk'
import type { Asking } from '../viewers.ts'
import { addressOf } from './peer-address.ts'

interface Reader {
  get(address: string): { country?: { iso_code?: string } } | null
}

/** Countries of addresses by an MMDB file that the label put there; without one nobody's country is known. */
export class CountryBook {
  readonly #path: () => string | undefined
  readonly #log: Log
  #opened: { path: string; reader: Reader | null } | null = null

  constructor(path: () => string | undefined, log: Log) {
    this.#path = path
    this.#log = log
  }

  /** Two letters; null also while the file is being read. The address is not kept. */
  countryOf(asking: Asking): string | null {
    const path = this.#path()
    if (!path) return null
    if (this.#opened?.path !== path) {
      void this.open(path)
      return null
    }
    try {
      const code = this.#opened.reader?.get(addressOf(asking))?.country?.iso_code
      return code && /^[A-Z]{2}$/.test(code) ? code : null
    } catch {
      // What a proxy passed on was no address.
      return null
    }
  }

  async open(path: string): Promise<void> {
    const opened = { path, reader: null as Reader | null }
    this.#opened = opened
    try {
      const [{ Reader }, file] = await Promise.all([import('mmdb-lib'), readFile(path)])
      opened.reader = new Reader<CountryResponse>(file)
    } catch (error) {
      this.#log.warn(
        { err: error, path },
        'the file of countries cannot be read; viewers are counted without',
      )
    }
  }
}
