import { eventually, freePort } from '../process';
import { RedisServer } from './redis-server';

const SLOTS = 16_384;
const MASTERS = 3;

/** Three masters that share the slots. */
export class RedisCluster {
  private constructor(readonly nodes: RedisServer[]) {}

  /** For QUEUE_URL. */
  get url(): string {
    return `redis+cluster://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  static async start(): Promise<RedisCluster> {
    const busPorts: number[] = [];
    const nodes: RedisServer[] = [];
    const cluster = new RedisCluster(nodes);
    try {
      for (let index = 0; index < MASTERS; index += 1) {
        const busPort = await freePort();
        busPorts.push(busPort);
        const args = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '2000'];
        nodes.push(await RedisServer.start({ args }));
      }
      for (const [index, node] of nodes.entries()) {
        const first = Math.ceil((SLOTS / MASTERS) * index);
        const last = Math.ceil((SLOTS / MASTERS) * (index + 1)) - 1;
        await node.call('CLUSTER', 'ADDSLOTSRANGE', first, last);
        if (index > 0) await nodes[0]!.call('CLUSTER', 'MEET', '127.0.0.1', node.port, busPorts[index]!);
      }
      for (const node of nodes) {
        await eventually(
          async () => (String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok') ? true : undefined),
          `node ${node.port} to see the whole cluster`,
        );
      }
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
  }
}
