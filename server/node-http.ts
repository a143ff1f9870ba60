/**
 * Node's HTTP. An `import` of it reads every one of its members, and one of them loads the whole of fetch: 14 MB of
 * memory in a process that may never fetch anything.
 */
export const { Agent, createServer, request, STATUS_CODES } = process.getBuiltinModule('node:http')
