import { z } from '#contract'
import { defineCommand } from '#sdk'
import type { CatalogSettings, Ctx } from '../settings.ts'
import { importFolder } from './import.ts'
import { type ImportResult, textOf } from './report.ts'
import type { ImportVisibility } from './run.ts'

interface Input {
  dir: string
  dryRun: boolean
  wait: boolean
  visibility: ImportVisibility
  label?: string | undefined
}

export const importCommand = defineCommand<Input, ImportResult, CatalogSettings, Ctx['needs']>({
  name: 'import',
  summary: 'Bring a folder of music into the library; it is only read, and known files are not brought twice',
  args: [['dir', 'Folder with the files, in folders as they may lie']],
  options: [
    ['--dry-run', 'Write nothing, only tell what would happen'],
    ['--wait', 'End when everything plays; this command does the work where no server runs'],
    [
      '--visibility <who>',
      'public, members, private or draft. public unless said: releases are published as soon as they play, those with a date to come on that day',
    ],
    ['--label <name>', 'Label of releases whose files name none'],
  ],
  input: z.strictObject({
    dir: z.string().min(1, { error: 'Name the folder.' }),
    dryRun: z.boolean().default(false),
    wait: z.boolean().default(false),
    visibility: z
      .enum(['public', 'members', 'private', 'draft'], {
        error: 'Use one of public, members, private and draft.',
      })
      .default('public'),
    label: z.string().trim().min(1).max(120).optional(),
  }) as unknown as z.ZodType<Input>,
  run: ({ dir, dryRun, wait, visibility, label }, ctx, desk) =>
    importFolder(ctx, desk, { dir, isDry: dryRun, waits: wait, visibility, label }),
  text: textOf,
})
