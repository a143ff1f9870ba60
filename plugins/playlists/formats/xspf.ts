import { durationOf, isrcOf, type PlaylistFile, type ReadEntry, textOf, UnreadableFile } from './types.ts'
import { escapeXml, readXml, type XmlElement } from './xml.ts'

/** XSPF version 1 (xspf.org/spec): durations in milliseconds, an ISRC as `urn:isrc:…`. */
export function writeXspf({ title, description, entries }: PlaylistFile): string {
  const tracks = entries.map(({ title: name, artist, album, durationMs, isrc, location }) =>
    [
      '    <track>',
      element('location', location),
      element('identifier', isrc && `urn:isrc:${isrc}`),
      element('title', name),
      element('creator', artist),
      element('album', album),
      element('duration', durationMs === null ? null : String(Math.round(durationMs))),
      '    </track>',
    ]
      .filter(Boolean)
      .join('\n'),
  )
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<playlist version="1" xmlns="http://xspf.org/ns/0/">',
    element('title', title, '  '),
    element('annotation', description, '  '),
    '  <trackList>',
    ...tracks,
    '  </trackList>',
    '</playlist>',
  ]
    .filter(Boolean)
    .join('\n')}\n`
}

const element = (name: string, value: string | null, indent = '      ') =>
  textOf(value) === null ? '' : `${indent}<${name}>${escapeXml(textOf(value) ?? '')}</${name}>`

export function readXspf(text: string, mostEntries: number): PlaylistFile<ReadEntry> {
  const root = readXml(text)
  const list = root.children.find(({ name }) => name === 'trackList')
  if (root.name !== 'playlist' || !list) throw new UnreadableFile('format')
  const tracks = list.children.filter(({ name }) => name === 'track')
  if (tracks.length > mostEntries) throw new UnreadableFile('entries')
  return {
    title: one(root, 'title'),
    description: one(root, 'annotation'),
    entries: tracks.map((track, index) => ({
      line: index + 1,
      title: one(track, 'title'),
      artist: one(track, 'creator'),
      album: one(track, 'album'),
      durationMs: durationOf(Number(one(track, 'duration') ?? Number.NaN)),
      isrc: all(track, 'identifier').map(isrcOf).find(Boolean) ?? null,
      location: all(track, 'location')[0] ?? null,
    })),
  }
}

const all = (parent: XmlElement, name: string): string[] =>
  parent.children.filter((child) => child.name === name).flatMap(({ text }) => textOf(text) ?? [])
const one = (parent: XmlElement, name: string): string | null => all(parent, name)[0] ?? null
