import { GenericContainer, type PortWithOptionalBinding } from 'testcontainers';

/** A container whose ports are open to this machine alone. Testcontainers itself publishes them on every address. */
export class LoopbackContainer extends GenericContainer {
  override withExposedPorts(...ports: PortWithOptionalBinding[]): this {
    super.withExposedPorts(...ports);
    const published = this.hostConfig.PortBindings as Record<string, { HostIp?: string }[]>;
    for (const binding of Object.values(published).flat()) binding.HostIp = '127.0.0.1';
    return this;
  }
}
