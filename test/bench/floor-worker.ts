import { bareBus, bareWorker, pool } from './floor-parts';

/** The other half of the floor: takes the job, reads the history, calls the model, stores the reply and sends word. */
async function main(): Promise<void> {
  const database = pool();
  const bus = await bareBus();
  const upstream = process.env.FLOOR_UPSTREAM!;
  bareWorker(async ({ conversation, id }) => {
    const { rows } = await database.query<{ role: string; content: string }>(
      'SELECT role, content FROM floor_messages WHERE conversation_id = $1 ORDER BY id DESC LIMIT 10',
      [conversation],
    );
    const response = await fetch(`${upstream}/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-6-luna', input: rows.reverse(), stream: true }),
    });
    const text = textOf(await response.text());
    const inserted = await database.query<{ id: string }>(
      'INSERT INTO floor_messages (conversation_id, role, content) VALUES ($1, $2, $3) RETURNING id',
      [conversation, 'assistant', text],
    );
    await bus.send(JSON.stringify({ id, reply: { id: inserted.rows[0]!.id, content: text } }));
  });
  process.send?.({ port: 0 });
}

function textOf(stream: string): string {
  let text = '';
  for (const line of stream.split('\n')) {
    if (!line.startsWith('data: ')) continue;
    const event = JSON.parse(line.slice(6)) as { type: string; delta?: string };
    if (event.type === 'response.output_text.delta') text += event.delta;
  }
  return text;
}

process.once('disconnect', () => process.exit(0));
void main();
