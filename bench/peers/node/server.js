// socket.io as its makers ship it: one room, one emit. Says where it listens as one line of JSON on standard output.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
const now = () => Number(process.hrtime.bigint()) / 1e9;

io.on('connection', (socket) => {
  socket.join('plenary');
  socket.on('sync', (_payload, ack) => ack({ ok: true, resync: false, upto: 0 }));
});

const body = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString() || 'null');
};

const answers = {
  '/cpu': () => {
    const { user, system } = process.cpuUsage();
    return { cpu_s: (user + system) / 1e6, rss_kb: Math.round(process.memoryUsage.rss() / 1024) };
  },
  '/emit': (frame) => {
    const at = now();
    io.to('plenary').emit('frame', frame);
    return { at, asked_at: at };
  },
  '/warm': () => ({}),
};

http.prependListener('request', async (request, response) => {
  const answer = answers[request.url.split('?')[0]];
  if (!answer) return;
  const text = JSON.stringify(answer(await body(request)));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
});

http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(JSON.stringify({ host: `127.0.0.1:${http.address().port}` }));
});
process.stdin.on('end', () => process.exit(0)).resume();
