"""`./run demo`: the whole main job, unattended, over HTTP on loopback, from answers to a verified record.

Purpose: the owner of a bookkeeping firm in Bristol engages a VA in the Philippines. The demo starts
the real server on a free port, and goes through the pages as people do: `scenario.py` is the
story, `visitor.py` a browser without pictures, `device.py` the key on a signer's device,
`mailbox.py` what lies in the outbox. It has an installation of its own (`instance/demo/`).
Imports: everything.
Entry: `run_demo(configuration, out) -> summary`.
"""

from app.demo.scenario import run_demo

__all__ = ["run_demo"]
