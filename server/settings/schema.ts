import { z } from '#contract'

const port = z.number().int().min(0).max(65535)

/** `config.yaml`: what must be known before the database. Each leaf is also an environment name (see environment.ts). */
export const ApplianceConfig = z.strictObject({
  http: z
    .strictObject({
      host: z.string().default('0.0.0.0').describe('Address that the pages and the API listen on'),
      port: port.default(8080).describe('Port of the pages and the API'),
      trustedProxies: z
        .array(z.string())
        .default([])
        .describe('Addresses of proxies whose X-Forwarded-For is believed'),
    })
    .prefault({}),
  nodes: z
    .strictObject({
      address: z
        .string()
        .regex(/^https?:\/\/[^\s/@]+$/, { error: 'Write it as http://10.0.0.5:8080.' })
        .optional()
        .describe(
          'Several machines on one PostgreSQL: where the others reach this one, as http://10.0.0.5:8080; without it the first address of its network card',
        ),
    })
    .prefault({}),
  rtmp: z
    .strictObject({
      host: z
        .string()
        .default('0.0.0.0')
        .describe('Address that encoders connect to, for RTMP, RTMPS and Icecast'),
      port: port.default(1935).describe('Port for encoders (RTMP)'),
      publicHost: z.string().optional().describe('Host name shown to DJs where it differs from the site’s'),
    })
    .prefault({}),
  rtmps: z
    .strictObject({
      port: port
        .optional()
        .describe(
          'Port for encoders over TLS (RTMPS), usually 1936; needs certFile and keyFile; without it there is none',
        ),
      certFile: z
        .string()
        .optional()
        .describe(
          'Path of the certificate with its chain, PEM; it and the key are read anew within a minute of a renewal',
        ),
      keyFile: z.string().optional().describe('Path of the certificate’s key, PEM'),
    })
    .prefault({}),
  icecast: z
    .strictObject({
      port: port.default(8000).describe('Port for Icecast sources (Mixxx, butt); 0 for none'),
    })
    .prefault({}),
  database: z
    .strictObject({
      url: z
        .string()
        .optional()
        .describe('postgres://… ; without it each site is an SQLite file in the data folder'),
      schema: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,30}$/)
        .default('veza')
        .describe('PostgreSQL: beginning of the schema names'),
      poolSize: z
        .number()
        .int()
        .min(2)
        .max(200)
        .default(10)
        .describe('PostgreSQL connections a site and process'),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: z.string().optional().describe('redis://… ; realtime messages reach the sockets of every process'),
      prefix: z
        .string()
        .regex(/^[\w-]{1,40}$/)
        .default('veza')
        .describe('Beginning of the channel names; one of its own for each appliance on the same Redis'),
    })
    .prefault({}),
  mail: z
    .strictObject({
      host: z.string().optional().describe('SMTP server; without it mails are kept in the outbox'),
      port: port.default(587).describe('Port of the SMTP server'),
      secure: z
        .boolean()
        .default(false)
        .describe('TLS from the first byte, as on port 465; false: STARTTLS where the server offers it'),
      user: z.string().optional().describe('Name for the SMTP server, where it asks for one'),
      password: z.string().optional().describe('Password for the SMTP server'),
      from: z.string().default('Veza <veza@localhost>').describe('Sender of all mails'),
    })
    .prefault({}),
  security: z
    .strictObject({
      instanceKey: z
        .string()
        .optional()
        .describe(
          'Key that stored secrets are sealed with, 32 bytes in base64, older ones after commas; without it keys/instance.key in the data folder is used',
        ),
      allowPrivateIssuers: z
        .boolean()
        .default(false)
        .describe(
          'Lets sign-in providers be on this machine or a private network (tests, Keycloak next door)',
        ),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('How much is written: debug, info, warn, error or silent'),
    })
    .prefault({}),
  ffmpeg: z
    .strictObject({ path: z.string().optional().describe('Where ffmpeg is, when not on the PATH') })
    .prefault({}),
  plugins: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe('Settings of plugins, as plugins.live.graceS'),
})
export type ApplianceConfig = z.infer<typeof ApplianceConfig>
