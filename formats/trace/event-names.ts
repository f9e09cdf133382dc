/* Finds columns that contain kinds of events although their names do not show it. */

/** Words for the start and for the end of a request, as clusters and load generators log them. */
const begins =
  /^(pending|running|submit|submitted|submission|arrive|arrived|arrival|enqueue|enqueued|queue|queued|create|created|receive|received|request|start|started|begin|schedule|scheduled|send|sent)$/;
const ends =
  /^(finish|finished|end|ended|complete|completed|completion|done|succeed|succeeded|fail|failed|evict|evicted|kill|killed|terminate|terminated|exit|exited|depart|departure|response|dequeue|dequeued|release|released)$/;

/** Names of columns whose small whole numbers can be codes of events, as in the traces of Google's clusters. */
const coded = /(^|[._])(type|kind|op|opcode|operation)$/;
/** The most different codes of a column of events. Our assumption: Google's traces have up to 12. */
export const mostCodes = 20;

/** Whether a column has starts and ends of requests, so that a request has several rows. Codes that can mean this count too. */
export function namesEvents(name: string, values: ReadonlySet<string>): boolean {
  if (values.size > mostCodes) return false;
  return (
    pairsEvents(values) || (coded.test(name.toLowerCase()) && [...values].every((value) => /^\d{1,2}$/u.test(value)))
  );
}

/** Whether the values contain both a start and an end of a request. */
export function pairsEvents(values: ReadonlySet<string>): boolean {
  const words = [...values].map((value) =>
    value.toLowerCase().replace(/^(event|job|task|req|request|instance)[_ -]/u, ''),
  );
  return words.some((word) => begins.test(word)) && words.some((word) => ends.test(word));
}
