import { Component, type ComponentChildren } from 'preact'
import { asProblem, type ProblemError } from '../sdk/problem-error.ts'
import { ErrorState } from '../ui/states.tsx'

/** A page that breaks says so in its place; the frame and everything else go on. */
export class PageGuard extends Component<{ children: ComponentChildren }, { error: ProblemError | null }> {
  override state = { error: null as ProblemError | null }
  override componentDidCatch(error: unknown) {
    this.setState({ error: asProblem(error) })
  }
  override render() {
    const { error } = this.state
    return error ? (
      <ErrorState error={error} retry={() => this.setState({ error: null })} />
    ) : (
      this.props.children
    )
  }
}
