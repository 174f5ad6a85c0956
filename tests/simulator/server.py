# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running the simulator: in this process, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from . import lifecycle
from .app import create_app
from .building import Builder
from .clock import Clock
from .doorkeeper import Doorkeeper, Received
from .faults import Fault
from .http import Server
from .standin import StandIn
from .world import ChrootState, World


class Simulator:
    """A running simulator: its address, its state, the requests it received."""

    def __init__(
        self,
        clock: Clock,
        step: float,
        port: int,
        race: float,
        builder: Callable[[World], Builder],
    ) -> None:
        self.clock: Any = clock
        self.world = World(clock, step, builder, race)
        self._app = create_app(self.world)
        self.doorkeeper = Doorkeeper(self._app, self.world)
        self._app.extensions["doorkeeper"] = self.doorkeeper
        self.server = Server(self.doorkeeper, port)
        self.url = self.server.url

    def serve(self, world: World) -> None:
        """Serve another world from now on, without the requests and faults of the one before."""
        self.world.close()
        self.clock = world.clock
        self.world = self.doorkeeper.world = world
        self._app.extensions["simulator"] = world
        self.requests.clear()
        self.clear_faults()

    @property
    def requests(self) -> list[Received]:
        """Requests to the API, oldest first; clear the list to begin anew."""
        return self.doorkeeper.requests

    def set_chroot(self, name: str, state: ChrootState) -> None:
        """End a chroot, switch it off, or make it active, as an administrator does."""
        lifecycle.set_chroot(self.world, name, state)

    def fault(self, fault: str, **options: Any) -> None:
        """Let a fault strike coming requests; see the class Fault for the options."""
        self.doorkeeper.faults.add(Fault(fault, **options))

    def clear_faults(self) -> None:
        """Forget all faults that still wait."""
        self.doorkeeper.faults.clear()


@contextmanager
def running(
    clock: Clock = time.time,
    step: float = 0.5,
    port: int = 0,
    race: float = 0.0,
    builder: Callable[[World], Builder] = StandIn,
) -> Iterator[Simulator]:
    """Run a simulator on the loopback interface, until exit."""
    simulator = Simulator(clock, step, port, race, builder)
    thread = threading.Thread(
        target=simulator.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield simulator
    finally:
        simulator.server.shutdown()
        thread.join()
        simulator.server.server_close()
        simulator.world.close()
