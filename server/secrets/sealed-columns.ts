/** A column whose texts are sealed, each for its own row: `<table>.<column>/<id>` is the place it opens at. */
export interface SealedColumn {
  table: string
  /** The column that names the row. */
  id: string
  column: string
}

/** Every sealed column of a site's database; a new one is listed here, or no rotation of keys reaches it. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'secrets', id: 'name', column: 'value' },
  { table: 'signing_keys', id: 'id', column: 'private_key' },
  { table: 'totp_secrets', id: 'account_id', column: 'secret' },
  { table: 'app_passwords', id: 'id', column: 'secret' },
  { table: 'identity_providers', id: 'name', column: 'client_secret' },
]

export const placeOf = ({ table, column }: SealedColumn, id: string): string => `${table}.${column}/${id}`
