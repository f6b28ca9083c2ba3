//! Disjoint groups of accounts, some of which may never become one.

use std::collections::BTreeSet;

/// Groups that grow by joining, and remember who has to stay apart.
pub(crate) struct Groups {
    parent: Vec<usize>,
    size: Vec<usize>,
    /// By root: roots that it may never join. Kept on both sides.
    apart: Vec<BTreeSet<usize>>,
}

impl Groups {
    pub(crate) fn new(count: usize) -> Self {
        Self {
            parent: (0..count).collect(),
            size: vec![1; count],
            apart: vec![BTreeSet::new(); count],
        }
    }

    pub(crate) fn root(&mut self, mut account: usize) -> usize {
        while self.parent[account] != account {
            self.parent[account] = self.parent[self.parent[account]];
            account = self.parent[account];
        }
        account
    }

    pub(crate) fn are_one(&mut self, one: usize, other: usize) -> bool {
        self.root(one) == self.root(other)
    }

    pub(crate) fn are_apart(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        self.apart[one].contains(&other)
    }

    /// Has an effect only before the two are one.
    pub(crate) fn keep_apart(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if one != other {
            self.apart[one].insert(other);
            self.apart[other].insert(one);
        }
    }

    /// False if the two have to stay apart.
    pub(crate) fn join(&mut self, one: usize, other: usize) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return true;
        }
        if self.apart[one].contains(&other) {
            return false;
        }
        let larger = self.size[one] >= self.size[other];
        let (root, child) = if larger { (one, other) } else { (other, one) };
        self.parent[child] = root;
        self.size[root] += self.size[child];
        for enemy in std::mem::take(&mut self.apart[child]) {
            self.apart[enemy].remove(&child);
            self.apart[enemy].insert(root);
            self.apart[root].insert(enemy);
        }
        true
    }
}
