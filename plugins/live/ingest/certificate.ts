import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

/** Where a certificate with its chain and its key lie, PEM. */
export interface PairFiles {
  certFile: string
  keyFile: string
}

export interface Pair {
  cert: Buffer
  key: Buffer
  expiresAt: Date
}

interface Words {
  en: string
  fr: string
}

/** A certificate and key that nobody can be served with; `words` are a sentence for the label, `message` the English one. */
export class UnusablePair extends Error {
  override name = 'UnusablePair'
  readonly words: Words

  constructor(words: Words, options?: ErrorOptions) {
    super(words.en, options)
    this.words = words
  }
}

/** Throws UnusablePair for files that cannot be read, are half written, or do not belong together. */
export async function readPair({ certFile, keyFile }: PairFiles): Promise<Pair> {
  const [cert, key] = await Promise.all([read(certFile), read(keyFile)])
  const leaf = leafOf(cert, certFile)
  const secret = attempt(noKey(keyFile), () => createPrivateKey(key))
  if (!leaf.checkPrivateKey(secret)) throw new UnusablePair(noPair(certFile, keyFile))
  const { createSecureContext } = await import('node:tls')
  attempt(notTaken(certFile), () => createSecureContext({ cert, key }))
  return { cert, key, expiresAt: new Date(leaf.validTo) }
}

/** Another one after each change of the files. */
export async function stateOf({ certFile, keyFile }: PairFiles): Promise<string> {
  const stateAt = async (path: string) => {
    const { ino, size, ctimeMs } = await stat(path)
    return `${ino} ${size} ${ctimeMs}`
  }
  return (await Promise.all([certFile, keyFile].map((path) => stateAt(path).catch(codeOf)))).join()
}

/** The server's own certificate stands first; the others only have to be whole. */
function leafOf(cert: Buffer, certFile: string): X509Certificate {
  const text = cert.toString('latin1')
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  const begun = text.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0
  const [leaf] = attempt(noCertificate(certFile), () => blocks.map((block) => new X509Certificate(block)))
  if (!leaf || blocks.length !== begun) throw new UnusablePair(noCertificate(certFile))
  return leaf
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw new UnusablePair(notRead(path, codeOf(cause)), { cause })
  })
}

function attempt<T>(words: Words, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    throw new UnusablePair(words, { cause })
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'

const notRead = (path: string, code: string) => ({
  en: `${path} cannot be read (${code}).`,
  fr: `${path} ne peut pas être lu (${code}).`,
})
const noCertificate = (path: string) => ({
  en: `${path} holds no certificate in PEM, or not all of it.`,
  fr: `${path} ne contient pas de certificat en PEM, ou pas en entier.`,
})
const noKey = (path: string) => ({
  en: `${path} holds no key in PEM, or one with a password.`,
  fr: `${path} ne contient pas de clé en PEM, ou une clé à mot de passe.`,
})
const noPair = (certFile: string, keyFile: string) => ({
  en: `The key in ${keyFile} is not that of the certificate in ${certFile}.`,
  fr: `La clé de ${keyFile} n’est pas celle du certificat de ${certFile}.`,
})
const notTaken = (path: string) => ({
  en: `${path} is not accepted, perhaps for a key that is too short.`,
  fr: `${path} n’est pas accepté, peut-être pour une clé trop courte.`,
})
