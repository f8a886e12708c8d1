//! The promises of the catalogue, each on both engines.

mod accounts;
mod audit;
mod channels;
mod communities;
mod feed;
mod imports;
mod inbox;
mod lanes;
mod mentions;
mod messages;
mod privacy;
mod watching;
mod webhooks;
