/** @jsxImportSource react */
import { Box, render, Text, useApp, useInput } from 'ink'
import { useEffect, useReducer, useState } from 'react'
import { exitCodes, tellError } from '../output.ts'
import { initialise } from '../steps/initialise.ts'
import { begin, next, questions, type WizardState } from '../steps/wizard.ts'

type Result = Awaited<ReturnType<typeof initialise>>

/** Asks for address, name and owner, then makes the data folder. Only on a terminal. */
export async function runWizard(dataDir: string): Promise<number> {
  let code: number = exitCodes.failed
  const screen = render(
    <Wizard
      dataDir={dataDir}
      done={() => {
        code = exitCodes.done
      }}
    />,
  )
  await screen.waitUntilExit()
  return code
}

function Wizard({ dataDir, done }: { dataDir: string; done: () => void }) {
  const [state, type] = useReducer(next, undefined, begin)
  const isAnswered = state.index >= questions.length
  return (
    <Box flexDirection="column" paddingX={1}>
      <Text bold>Setting up Veza in {dataDir}</Text>
      {questions.slice(0, state.index).map((question) => (
        <Text key={question.key}>
          {question.label}: <Text color="cyan">{shown(question.isSecret, state.answers[question.key])}</Text>
        </Text>
      ))}
      {isAnswered ? (
        <Making dataDir={dataDir} answers={state.answers} done={done} />
      ) : (
        <Question state={state} type={type} />
      )}
    </Box>
  )
}

function Question({ state, type }: { state: WizardState; type: (keys: string) => void }) {
  useInput((input, key) => {
    if (key.return) type('\r')
    else if (key.backspace || key.delete) type('\b')
    else if (!key.ctrl && !key.meta && !key.escape) type(input)
  })
  const question = questions[state.index]
  if (!question) return null
  return (
    <Box flexDirection="column" marginTop={1}>
      <Text>
        {question.label}: {shown(question.isSecret, state.text)}
        <Text inverse> </Text>
      </Text>
      {state.error ? <Text color="red">{state.error}</Text> : <Text dimColor>{question.help}</Text>}
    </Box>
  )
}

interface MakingProps {
  dataDir: string
  answers: WizardState['answers']
  done: () => void
}

function Making({ dataDir, answers, done }: MakingProps) {
  const [result, setResult] = useState<Result | { error: string } | null>(null)
  const { exit } = useApp()
  useEffect(() => {
    const { url = '', title = '', email = '', password = '' } = answers
    initialise({ dataDir, url, title, owner: { email, password } }).then(
      (made) => {
        done()
        setResult(made)
      },
      (error: unknown) => setResult({ error: tellError(error) }),
    )
  }, [dataDir, answers, done])
  useEffect(() => {
    if (result) exit()
  }, [result, exit])
  if (result === null) return <Text>Making the data folder</Text>
  if ('error' in result) return <Text color="red">{result.error}</Text>
  return (
    <Box flexDirection="column" marginTop={1}>
      <Text color="green">Veza is set up. Next:</Text>
      <Text> 1. Start it: veza start --data {dataDir}</Text>
      <Text>
        {' '}
        2. Open {result.url} and sign in as {result.owner}
      </Text>
      <Text> 3. Make a key for your encoder: veza stream-key create --channel NAME</Text>
    </Box>
  )
}

const shown = (isSecret: boolean, text = ''): string => (isSecret ? '•'.repeat(text.length) : text)
