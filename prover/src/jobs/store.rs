//! Jobs by id, in memory and within bounds. Unfinished ones are bounded by who admits them.

use super::job::Job;
use crate::refusal::Refusal;
use nectar_proto::{JobId, Submission};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};
use tokio::time::Instant;

/// All jobs known.
pub struct Store {
    jobs: HashMap<JobId, Arc<Job>>,
    keys: HashMap<String, JobId>,
    /// Jobs that are over, the oldest first; they expire in that order.
    finished: VecDeque<Finished>,
    finished_bytes: usize,
    bounds: Bounds,
}

/// A job that is over.
struct Finished {
    id: JobId,
    bytes: usize,
    expires: Instant,
}

/// How much of finished jobs is kept.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Most finished jobs.
    pub jobs: usize,
    /// Most bytes of their bundles; the last one finished is kept in any case.
    pub bytes: usize,
}

impl Store {
    /// A store of no jobs yet.
    pub fn new(bounds: Bounds) -> Self {
        Store {
            jobs: HashMap::new(),
            keys: HashMap::new(),
            finished: VecDeque::new(),
            finished_bytes: 0,
            bounds,
        }
    }

    /// The job of an id.
    pub fn get(&self, id: JobId) -> Option<Arc<Job>> {
        self.jobs.get(&id).cloned()
    }

    /// The job that a submission's idempotency key stands for.
    ///
    /// # Errors
    /// The key stands for another submission.
    pub fn repeated(&self, submission: &Submission) -> Result<Option<Arc<Job>>, Refusal> {
        let key = submission.idempotency_key.as_ref();
        let known = key.and_then(|k| self.get(*self.keys.get(k)?));
        match known {
            Some(job) if job.submission() != submission => Err(Refusal::KeyReused),
            known => Ok(known),
        }
    }

    /// Jobs that are not over.
    pub fn unfinished(&self) -> Vec<Arc<Job>> {
        self.jobs
            .values()
            .filter(|j| !j.is_over())
            .cloned()
            .collect()
    }

    /// Keeps a new job.
    pub fn insert(&mut self, job: Arc<Job>) {
        if let Some(key) = &job.submission().idempotency_key {
            self.keys.insert(key.clone(), job.id());
        }
        self.jobs.insert(job.id(), job);
    }

    /// Notes that a job is over, with the bytes of its bundle and until when it is kept, and drops the oldest such ones
    /// over the bounds. Moments never fall from call to call. Says whether no other job that is over was kept.
    pub fn finish(&mut self, id: JobId, bytes: usize, expires: Instant) -> bool {
        let first = self.finished.is_empty();
        self.finished.push_back(Finished { id, bytes, expires });
        self.finished_bytes = self.finished_bytes.saturating_add(bytes);
        while self.finished.len() > 1
            && (self.finished.len() > self.bounds.jobs || self.finished_bytes > self.bounds.bytes)
        {
            self.drop_oldest();
        }
        first
    }

    /// Drops the jobs that have expired, and says when the next one will.
    pub fn expire(&mut self, now: Instant) -> Option<Instant> {
        while let Some(oldest) = self.finished.front() {
            if oldest.expires > now {
                return Some(oldest.expires);
            }
            self.drop_oldest();
        }
        None
    }

    /// Drops the oldest job that is over.
    fn drop_oldest(&mut self) {
        let Some(oldest) = self.finished.pop_front() else {
            return;
        };
        self.finished_bytes = self.finished_bytes.saturating_sub(oldest.bytes);
        let job = self.jobs.remove(&oldest.id);
        if let Some(key) = job.and_then(|j| j.submission().idempotency_key.clone()) {
            self.keys.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::B256;
    use nectar_verifier::query::{Query, Variant};
    use std::time::Duration;

    fn id(n: u8) -> JobId {
        JobId::from_bytes([n; 16])
    }

    fn submission(n: u8) -> Submission {
        Submission {
            dataset: "d".into(),
            root: B256::ZERO,
            query: Query::for_purpose(Variant::Counts, "research", 0),
            idempotency_key: Some(n.to_string()),
            deadline_seconds: None,
        }
    }

    fn store(jobs: usize, bytes: usize) -> Store {
        let mut store = Store::new(Bounds { jobs, bytes });
        for n in 0..4 {
            store.insert(Arc::new(Job::new(id(n), n.into(), submission(n))));
        }
        store
    }

    fn check(store: &Store, want: [bool; 4]) {
        let got = [0, 1, 2, 3].map(|n| store.get(id(n)).is_some());
        let keys = [0, 1, 2, 3].map(|n| store.repeated(&submission(n)).unwrap().is_some());
        assert_eq!((got, keys), (want, want));
    }

    #[test]
    fn the_oldest_finished_jobs_go_first() {
        let later = Instant::now() + Duration::from_secs(9);
        let mut by_count = store(2, 1000);
        let first = [2, 0, 1].map(|n| by_count.finish(id(n), 10, later));
        assert_eq!(first, [true, false, false]);
        check(&by_count, [true, true, false, true]);

        let mut by_size = store(10, 100);
        for n in [0, 1] {
            by_size.finish(id(n), 50, later);
        }
        check(&by_size, [true; 4]);
        by_size.finish(id(2), 51, later);
        check(&by_size, [false, false, true, true]);
        by_size.finish(id(3), 1000, later);
        check(&by_size, [false, false, false, true]);
    }

    #[test]
    fn a_key_stands_for_one_submission() {
        let mut other = submission(1);
        other.dataset = "e".into();
        let got = store(10, 100).repeated(&other).map(|_| ());
        assert_eq!(got, Err(Refusal::KeyReused));
    }

    #[test]
    fn expired_jobs_leave_nothing() {
        let now = Instant::now();
        let [soon, later] = [1, 2].map(|s| now + Duration::from_secs(s));
        let mut store = store(10, 100);
        store.finish(id(0), 60, soon);
        store.finish(id(1), 30, later);
        assert_eq!(store.expire(now), Some(soon));
        check(&store, [true; 4]);
        assert_eq!(store.expire(soon), Some(later));
        check(&store, [false, true, true, true]);
        assert_eq!(store.finished_bytes, 30);
        assert_eq!(store.expire(later), None);
        check(&store, [false, false, true, true]);
        assert_eq!(store.finished_bytes, 0);
    }
}
