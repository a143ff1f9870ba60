/** @jsxImportSource react */
import { Box, render, Text, useApp, useInput } from 'ink'
import { useEffect, useState } from 'react'
import type { ProcessStatus } from '../../server/admin/status.ts'
import { exitCodes } from '../output.ts'
import { type Figure, findingsOf, jobFigures, machineFigures, since, siteFigures } from '../steps/figures.ts'

type Look = () => Promise<ProcessStatus[]>
const everyMs = 1000

/** The live screen: looks again each second until q, or until the server is gone (exit code 1). */
export async function runStatusScreen(first: ProcessStatus[], look: Look): Promise<number> {
  let isGone = false
  const screen = render(
    <Status
      first={first}
      look={look}
      gone={() => {
        isGone = true
      }}
    />,
  )
  await screen.waitUntilExit()
  return isGone ? exitCodes.failed : exitCodes.done
}

function Status({ first, look, gone }: { first: ProcessStatus[]; look: Look; gone: () => void }) {
  const [processes, setProcesses] = useState(first)
  const { exit } = useApp()
  useInput((input) => {
    if (input.includes('q')) exit()
  })
  useEffect(() => {
    const timer = setInterval(async () => {
      const now = await look()
      setProcesses(now)
      if (now.length > 0) return
      gone()
      exit()
    }, everyMs)
    return () => clearInterval(timer)
  }, [look, gone, exit])
  if (processes.length === 0) return <Text>The server has stopped.</Text>
  const names = [...new Set(processes.flatMap(({ sites }) => sites.map(({ name }) => name)))]
  return (
    <Box flexDirection="column" paddingX={1}>
      <Processes processes={processes} />
      <Figures title="Machine" figures={machineFigures(processes)} />
      {names.map((name) => (
        <Figures
          key={name}
          title={processes[0]?.sites.find((site) => site.name === name)?.title ?? name}
          figures={[...siteFigures(processes, name), ...jobFigures(processes, name)]}
        />
      ))}
      {findingsOf(processes).map(({ message, remedy }) => (
        <Text key={message} color="yellow">
          {message} {remedy}
        </Text>
      ))}
      <Text dimColor>q quits</Text>
    </Box>
  )
}

function Processes({ processes }: { processes: readonly ProcessStatus[] }) {
  return (
    <Box flexDirection="column">
      {processes.map(({ pid, version, roles, startedAt, httpPort }) => (
        <Text key={pid}>
          <Text bold>Veza {version}</Text> process {pid}, {roles.join(' + ')}, port {httpPort}, up{' '}
          {since(startedAt)}
        </Text>
      ))}
    </Box>
  )
}

function Figures({ title, figures }: { title: string; figures: Figure[] }) {
  const width = Math.max(...figures.map(({ label }) => label.length))
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1}>
      <Text bold>{title}</Text>
      {figures.map(({ label, value }) => (
        <Text key={label}>
          {label.padEnd(width)} {value}
        </Text>
      ))}
    </Box>
  )
}
