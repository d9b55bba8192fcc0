import type { ChannelListener } from "./audience.js";
import { Channel, type ChannelHost } from "./channel.js";
import type { Cancel } from "./clock.js";
import type { ChannelName, FeedEvent } from "./protocol.js";

/** A channel that nobody listens to is kept this long: whoever leaves one page often comes to the next. */
const LINGER_MS = 1_000;
const NO_EVENTS: ReadonlyMap<string, FeedEvent> = new Map();

/** The channels that somebody listens to, or did a moment ago. */
export class Channels {
  readonly #host: ChannelHost;
  readonly #began: (channel: Channel) => void;
  readonly #byName = new Map<string, Channel>();
  readonly #lingering = new Map<string, Cancel>();

  /** @param began told of each channel that nobody listened to before */
  constructor(host: ChannelHost, began: (channel: Channel) => void) {
    this.#host = host;
    this.#began = began;
  }

  join(name: ChannelName, listener: ChannelListener): () => void {
    this.#lingering.get(name)?.();
    this.#lingering.delete(name);
    const channel = this.#byName.get(name) ?? this.#opened(name);
    const leave = channel.join(listener);
    return () => {
      leave();
      if (channel.isUnheard && this.#byName.get(name) === channel) {
        this.#lingering.get(name)?.();
        this.#lingering.set(name, this.#host.clock.after(LINGER_MS, () => this.#end(channel)));
      }
    };
  }

  get(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  latest(name: ChannelName): ReadonlyMap<string, FeedEvent> {
    return this.#byName.get(name)?.latest ?? NO_EVENTS;
  }

  forEach(task: (channel: Channel) => void): void {
    this.#byName.forEach((channel) => task(channel));
  }

  find(wanted: (channel: Channel) => boolean): Channel | undefined {
    return [...this.#byName.values()].find(wanted);
  }

  /** Ends everything but what is listened to: that is forgotten, and read anew after the next start. */
  stop(): void {
    this.#byName.forEach((channel) => {
      channel.close();
      channel.forget();
    });
    for (const [name, cancel] of this.#lingering) {
      cancel();
      this.#byName.delete(name);
    }
    this.#lingering.clear();
  }

  #opened(name: string): Channel {
    const channel = new Channel(name, this.#host);
    this.#byName.set(name, channel);
    this.#began(channel);
    return channel;
  }

  #end(channel: Channel): void {
    this.#lingering.delete(channel.name);
    this.#byName.delete(channel.name);
    channel.end();
  }
}
