//! The promises of the catalogue, each on both engines.

mod accounts;
mod channels;
mod communities;
mod feed;
mod imports;
mod inbox;
mod mentions;
mod messages;
mod privacy;
mod webhooks;
