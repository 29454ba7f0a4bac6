/** What is measured and what comes of it. */
export interface Scenario {
  size: 'seed' | 'short';
  dkim: boolean;
  /** Sending processes of Broadsheet; they share the connections evenly. */
  processes: number;
}

/** The same for every sender. */
export interface Job {
  url: string;
  source: string;
  /** PEM; undefined: unsigned. */
  dkimKeyFile: string | undefined;
  connections: number;
}

/** One send, from its first message to its last; `cpuMs` is the sending processes' own. */
export interface Measured {
  messages: number;
  cpuMs: number;
  wallMs: number;
  bytesEach: number;
}

export const perCpuSecond = ({ messages, cpuMs }: Measured) => (messages / cpuMs) * 1000;
export const perSecond = ({ messages, wallMs }: Measured) => (messages / wallMs) * 1000;
