//! Thunderline.
