// The public questions over HTTP: the same list as the view's, further than its bounds.

const slug = document.documentElement.dataset.webinar

/** One page of public questions: `{questions: {id: question}, next: cursor or null}`; null when the server did not answer. */
export async function fetchQuestions({after = '', sort = 'votes', q = ''}) {
  const parameters = new URLSearchParams({sort, ...(after && {after}), ...(q && {q})})
  try {
    const answer = await fetch(`/api/v1/webinars/${encodeURIComponent(slug)}/questions?${parameters}`, {headers: {Accept: 'application/json'}})
    if (!answer.ok) return null
    const body = await answer.json()
    const questions = Array.isArray(body.questions)
      ? Object.fromEntries(body.questions.map(({id, ...question}) => [id, question])) : body.questions ?? {}
    return {questions, next: body.next ?? body.after ?? null}
  } catch {
    return null
  }
}
