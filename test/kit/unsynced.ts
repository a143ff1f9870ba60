import { sqlite } from '../../server/db/dialects/sqlite.ts'

// Databases of tests need not outlast a power cut; PostgreSQL's run without fsync for the same reason.
sqlite.synced = async () => {}
