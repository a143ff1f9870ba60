import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** What a page passes on from the server's options. */
interface Asked {
  challenge?: unknown
  user?: unknown
}

/** How an authenticator's answer may be wrong. */
export interface Twist {
  origin?: string
  rpId?: string
  challenge?: string
  userHandle?: string | null
  signCount?: number
  /** Present and verified (0x05) unless said. */
  flags?: number
}

/**
 * An authenticator with one passkey (ES256, attestation `none`; WebAuthn level 3, sections 6.1 and 6.5), and the
 * browser before it. `twist` makes its answers wrong.
 */
export class Authenticator {
  readonly id = randomBytes(16)
  readonly #origin: string
  readonly #rpId: string
  readonly #publicKey: KeyObject
  readonly #privateKey: KeyObject
  #userHandle = ''
  signCount = 0

  constructor(siteUrl = 'http://main.test') {
    this.#origin = siteUrl
    this.#rpId = new URL(siteUrl).hostname
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#publicKey = publicKey
    this.#privateKey = privateKey
  }

  /** The answer of navigator.credentials.create. */
  create(options: Asked, twist: Twist = {}): Record<string, unknown> {
    this.#userHandle = (options.user as { id: string }).id
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' })
    const coseKey = cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    )
    const length = Buffer.from([0, this.id.length])
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, coseKey])
    const authData = Buffer.concat([this.#data({ flags: 0x45, ...twist }), credential])
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ])
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', options, twist).toString('base64url'),
      attestationObject: cbor(attestation).toString('base64url'),
      transports: ['internal'],
    })
  }

  /** The answer of navigator.credentials.get; the counter goes on by one. */
  get(options: Asked, twist: Twist = {}): Record<string, unknown> {
    this.signCount = twist.signCount ?? this.signCount + 1
    const clientData = this.#clientData('webauthn.get', options, twist)
    const data = this.#data({ flags: 0x05, ...twist })
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()])
    const userHandle = twist.userHandle === undefined ? this.#userHandle : twist.userHandle
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
      ...(userHandle === null ? {} : { userHandle }),
    })
  }

  #credential(response: object): Record<string, unknown> {
    const id = this.id.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }

  #clientData(type: string, { challenge }: Asked, twist: Twist): Buffer {
    const origin = twist.origin ?? this.#origin
    return Buffer.from(
      JSON.stringify({ type, challenge: twist.challenge ?? challenge, origin, crossOrigin: false }),
    )
  }

  #data({ flags = 0, rpId = this.#rpId }: Twist): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.signCount)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), counter])
  }
}

type Cbor = number | string | Buffer | Map<string, Cbor> | Map<number, Cbor>

/** CBOR of small values (RFC 8949): numbers and lengths below 65536. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  const pairs = [...value].flatMap(([key, one]) => [cbor(key), cbor(one)])
  return Buffer.concat([head(5, value.size), ...pairs])
}

function head(kind: number, size: number): Buffer {
  if (size < 24) return Buffer.from([(kind << 5) | size])
  if (size < 256) return Buffer.from([(kind << 5) | 24, size])
  return Buffer.from([(kind << 5) | 25, size >> 8, size & 0xff])
}
