import { defineSlot } from '#contract'

/** Blocks of the landing page, by order; a skeleton while loading, and nothing at all when there is nothing to show. */
export const homeBlocks = defineSlot<Record<never, never>>('home.blocks')
/** Cards on the administrator's overview, e.g. the streams on air. */
export const adminOverview = defineSlot<Record<never, never>>('admin.overview')
/** Below everything, on every page, never unmounted while pages change. */
export const pageFoot = defineSlot<Record<never, never>>('shell.foot')
/** Steps of the first run between the label's look and the end; each fill is one step with its own h1. */
export const setUpSteps = defineSlot<{ onDone(): void; onSkip(): void }>('setup.steps')
