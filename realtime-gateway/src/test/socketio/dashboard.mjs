// A dashboard of an older system, as the tests see it: prints what its socket tells, one JSON object a line.
// Usage: TOKEN=<JWT> node dashboard.mjs <url> <transports>; an event's name on standard input is emitted, and the input's
// end is the dashboard's.
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const [url, transports] = process.argv.slice(2);
const tell = (event, data) => process.stdout.write(`${JSON.stringify({ event, data })}\n`);

const socket = io(url, {
  auth: { token: process.env.TOKEN },
  transports: transports.split(','),
  reconnectionDelay: 50,
  reconnectionDelayMax: 200,
});
socket.io.on('open', () => {
  socket.io.engine.on('upgrade', (transport) => tell('upgrade', transport.name));
});
socket.on('connect', () => tell('connect', socket.id));
socket.on('disconnect', (reason) => tell('disconnect', reason));
socket.on('connect_error', (error) =>
  tell('connect_error', { message: error.message, data: error.data, again: socket.active }),
);
socket.onAny((event, data) => tell(event, data));

const input = createInterface({ input: process.stdin });
input.on('line', (event) => socket.emit(event, { from: 'dashboard' }));
input.on('close', () => socket.disconnect());
