//! Transfers as columns, and who pays whom: what features and walks are computed from.

/// What is known of an account; 0 where nothing is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Account {
    /// Country, by number.
    pub country: u16,
    /// Region, by number, unique over countries.
    pub region: u32,
    /// Phone, by number.
    pub phone: u32,
    /// Surname, by number.
    pub surname: u32,
    /// Hours that its clock is ahead of UTC.
    pub hours: i8,
    /// Year of birth.
    pub birth_year: u16,
    /// Whether the holder is a man, where that is known and may be used.
    pub male: Option<bool>,
}

/// One transfer.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    /// Seconds since 1970.
    pub time_s: i64,
    /// Who pays.
    pub payer: u32,
    /// Who is paid.
    pub payee: u32,
    /// Amount in units of one reference currency.
    pub amount: f32,
    /// Institution, by number.
    pub institution: u16,
    /// Both ends are in one country.
    pub domestic: bool,
}

/// All transfers between a payer and a payee across a border.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// Who pays.
    pub payer: u32,
    /// Who is paid.
    pub payee: u32,
    /// How often.
    pub transfers: u32,
    /// First and last time.
    pub first_s: i64,
    /// Last time.
    pub last_s: i64,
    /// Sum of amounts.
    pub amount: f32,
}

/// Places of a list, grouped by account.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    starts: Vec<u32>,
    places: Vec<u32>,
    /// Lists that have grown since, and which of them an account has, counted from 1; empty until one grows.
    grown: Vec<Vec<u32>>,
    grown_of: Vec<u32>,
}

impl Groups {
    /// Groups places by the account that each has; places of one account keep their order. O(N + A).
    pub fn by(accounts: usize, of: impl Iterator<Item = u32> + Clone) -> Self {
        let mut starts = vec![0_u32; accounts + 1];
        of.clone().for_each(|account| starts[account as usize + 1] += 1);
        for n in 0..accounts {
            starts[n + 1] += starts[n];
        }
        let mut next = starts.clone();
        let mut places = vec![0; starts[accounts] as usize];
        for (place, account) in of.enumerate() {
            let next = &mut next[account as usize];
            places[*next as usize] = place as u32;
            *next += 1;
        }
        Self { starts, places, ..Self::default() }
    }

    /// The places of an account.
    pub fn of(&self, account: u32) -> &[u32] {
        let at = account as usize;
        if let Some(grown) = self.grown_of.get(at).and_then(|which| which.checked_sub(1)) {
            return &self.grown[grown as usize];
        }
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => &self.places[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// Puts a place behind those of the account that stand before it. The first time, the account's list is copied.
    fn insert(&mut self, account: u32, place: u32, stands_before: impl Fn(u32) -> bool) {
        let at = account as usize;
        if at >= self.grown_of.len() {
            self.grown_of.resize(at + 1, 0);
        }
        if self.grown_of[at] == 0 {
            self.grown.push(self.of(account).to_vec());
            self.grown_of[at] = self.grown.len() as u32;
        }
        let list = &mut self.grown[self.grown_of[at] as usize - 1];
        list.insert(list.partition_point(|other| stands_before(*other)), place);
    }
}

/// A graph of transfers.
#[derive(Debug, Clone)]
pub struct Graph {
    /// By number.
    pub accounts: Vec<Account>,
    /// In time order.
    pub flows: Vec<Flow>,
    /// Ordered by payer, then payee, but for those that were pushed; across borders only.
    pub edges: Vec<Edge>,
    /// Transfers out of an account.
    pub paid: Groups,
    /// Transfers to an account.
    pub received: Groups,
    /// Edges out of an account.
    pub payees: Groups,
    /// Edges to an account.
    pub payers: Groups,
}

impl Graph {
    /// Orders transfers and gathers edges. O(T log T). Transfers between accounts that do not exist are left out.
    pub fn new(accounts: Vec<Account>, mut flows: Vec<Flow>) -> Self {
        let many = accounts.len();
        flows.retain(|flow| {
            (flow.payer as usize) < many && (flow.payee as usize) < many && flow.payer != flow.payee
        });
        flows.sort_by_key(|flow| flow.time_s);
        let mut order: Vec<u32> =
            (0..flows.len() as u32).filter(|place| !flows[*place as usize].domestic).collect();
        let ends = |place: &u32| (flows[*place as usize].payer, flows[*place as usize].payee);
        order.sort_by_key(ends);
        let mut edges: Vec<Edge> = Vec::new();
        for place in order {
            let Flow { time_s, payer, payee, amount, .. } = flows[place as usize];
            match edges.last_mut() {
                Some(edge) if (edge.payer, edge.payee) == (payer, payee) => {
                    edge.transfers += 1;
                    edge.amount += amount;
                    edge.last_s = time_s;
                }
                _ => edges.push(Edge {
                    payer,
                    payee,
                    transfers: 1,
                    first_s: time_s,
                    last_s: time_s,
                    amount,
                }),
            }
        }
        let paid = Groups::by(many, flows.iter().map(|flow| flow.payer));
        let received = Groups::by(many, flows.iter().map(|flow| flow.payee));
        let payees = Groups::by(many, edges.iter().map(|edge| edge.payer));
        let payers = Groups::by(many, edges.iter().map(|edge| edge.payee));
        Self { accounts, flows, edges, paid, received, payees, payers }
    }

    /// Adds one transfer between accounts that exist; one that is none is left out, as in [`new`](Self::new). What the
    /// lists of an account give is then the same, in the same order, as in a graph that is made anew.
    ///
    /// **Cost.** Moving up to all transfers of its two accounts, four bytes each.
    pub fn push(&mut self, flow: Flow) {
        let (many, Flow { payer, payee, time_s, .. }) = (self.accounts.len(), flow);
        if payer as usize >= many || payee as usize >= many || payer == payee {
            return;
        }
        let place = self.flows.len() as u32;
        self.flows.push(flow);
        let earlier = |other: u32| self.flows[other as usize].time_s <= time_s;
        self.paid.insert(payer, place, earlier);
        self.received.insert(payee, place, earlier);
        if flow.domestic {
            return;
        }
        let own = self.payees.of(payer);
        let at = own.partition_point(|edge| self.edges[*edge as usize].payee < payee);
        let found = own.get(at).map(|edge| *edge as usize);
        if let Some(edge) = found.filter(|edge| self.edges[*edge].payee == payee) {
            let edge = &mut self.edges[edge];
            edge.transfers += 1;
            edge.amount += flow.amount;
            (edge.first_s, edge.last_s) = (edge.first_s.min(time_s), edge.last_s.max(time_s));
            return;
        }
        let place = self.edges.len() as u32;
        let (first_s, last_s, amount) = (time_s, time_s, flow.amount);
        self.edges.push(Edge { payer, payee, transfers: 1, first_s, last_s, amount });
        let edges = &self.edges;
        self.payees.insert(payer, place, |other| edges[other as usize].payee < payee);
        self.payers.insert(payee, place, |other| edges[other as usize].payer < payer);
    }

    /// Edges out of a payer.
    pub fn edges_from(&self, payer: u32) -> impl ExactSizeIterator<Item = &Edge> + Clone {
        self.payees.of(payer).iter().map(|place| &self.edges[*place as usize])
    }

    /// Edges to a payee.
    pub fn edges_to(&self, payee: u32) -> impl ExactSizeIterator<Item = &Edge> + Clone {
        self.payers.of(payee).iter().map(|place| &self.edges[*place as usize])
    }
}
