//! Pure table: the words about alerts on payments.

words! {
    /// Words of the queue of alerts, of one alert and of a network.
    AlertWords, ALERTS_EN, ALERTS_IT;

    title: "Alerts", "Allarmi";
    lead: "Accounts whose payments are worth a person’s time, the highest score first. A score orders work. It is never proof: every reason names who else pays in the same way.",
        "Conti i cui pagamenti meritano l’attenzione di una persona, dal punteggio più alto. Il punteggio ordina il lavoro. Non è mai una prova: ogni motivo indica chi altri paga allo stesso modo.";
    queue_title: "Queue", "Coda";
    side: "Side", "Lato";
    state: "State", "Stato";
    whose: "Given to", "Assegnati a";
    anybody: "anybody", "chiunque";
    mine: "me", "me";
    any: "any", "qualsiasi";
    open: "not closed", "non chiusi";
    show: "Show", "Mostra";
    none: "No alert here.", "Nessun allarme qui.";
    none_how: "Alerts come from transfers that are read in at the command line:", "Gli allarmi nascono dai trasferimenti acquisiti dalla riga di comando:";
    end: "There is nothing behind this.", "Non c’è altro.";
    ranked: "Ranking of {time}, after what people decided.", "Ordine delle {time}, in base alle decisioni prese.";
    ranking_due: "The ranking does not know the latest decisions yet; it is made anew in the background.", "L’ordine non tiene ancora conto delle ultime decisioni; viene rifatto in background.";
    col_alert: "Alert", "Allarme";
    col_score: "Score", "Punteggio";
    col_made_of: "Made of", "Composto da";
    col_account: "Account", "Conto";
    col_strongest: "Strongest reasons", "Motivi principali";
    network_of: "Network {n}", "Rete {n}";
    alerts_here: "1 alert on this page|{n} alerts on this page", "1 allarme in questa pagina|{n} allarmi in questa pagina";
    payee: "Payee", "Beneficiario";
    payer: "Payer", "Pagante";
    new: "New", "Nuovo";
    assigned: "Assigned", "Assegnato";
    in_review: "In review", "In esame";
    proposed: "Waits for a second person", "Attende una seconda persona";
    confirmed: "Confirmed", "Confermato";
    dismissed: "Dismissed", "Archiviato";
    to_whom: "to {who}", "a {who}";

    number: "Alert {n}", "Allarme {n}";
    why_title: "Why is it here?", "Perché è qui?";
    why_lead: "Each part begins where the one before ends; together they are the score. What lies left of the line speaks against.",
        "Ogni parte inizia dove finisce la precedente; insieme formano il punteggio. Ciò che va verso sinistra parla contro.";
    col_part: "Part", "Parte";
    col_adds: "Adds", "Aggiunge";
    col_seen: "What was seen", "Che cosa è stato visto";
    col_transfers: "Transfers", "Trasferimenti";
    score_sum: "Score", "Punteggio";
    bar_from_to: "{part}: {adds}", "{part}: {adds}";
    chart_title: "Network", "Rete";
    chart_none: "There is no chart of this network. The table of transfers holds the same.", "Non c’è un grafico di questa rete. La tabella dei trasferimenti contiene gli stessi dati.";
    tied_title: "Tied to", "Legato a";
    whole_network: "The whole network", "L’intera rete";
    transfers_title: "Transfers that carry it", "Trasferimenti su cui si fonda";
    transfers_none: "Its parts rest on no single transfer.", "Le sue parti non si fondano su singoli trasferimenti.";
    col_time: "Time", "Ora";
    col_amount: "Amount", "Importo";

    decide_title: "Decide", "Decidi";
    decide_lead: "You act as {name}. Two people close an alert: one proposes, another approves. Both stand in the ledger.",
        "Si agisce come {name}. Un allarme si chiude in due: una persona propone, un’altra approva. Entrambe restano nel registro.";
    propose_title: "Propose", "Proponi";
    reason: "Reason for a dismissal", "Motivo dell’archiviazione";
    reason_none: "choose one to dismiss", "scegliere per archiviare";
    text: "In words", "A parole";
    text_hint: "Needed to confirm, and for another reason.", "Necessario per confermare e per un altro motivo.";
    propose_confirm: "Propose to confirm", "Proponi di confermare";
    propose_confirm_means: "The payments are what the alert points at, as far as the records tell.", "I pagamenti sono ciò che l’allarme indica, per quanto dicono i dati.";
    propose_dismiss: "Propose to dismiss", "Proponi di archiviare";
    propose_dismiss_means: "They have another explanation.", "Hanno un’altra spiegazione.";
    proposal: "Proposed: {outcome}, by {who}, {when}", "Proposta: {outcome}, da {who}, {when}";
    waits_for_other: "You proposed this. Somebody else has to approve it.", "La proposta è propria. Deve approvarla un’altra persona.";
    approve: "Approve, and close it", "Approva e chiudi";
    send_back: "Send back", "Rimanda";
    send_back_why: "Why it is sent back", "Perché viene rimandata";
    closed_by: "Approved by {who}, {when}", "Approvato da {who}, {when}";
    assign_title: "Who looks at it", "Chi lo esamina";
    nobody: "nobody yet", "ancora nessuno";
    assign: "Give it to", "Assegna a";
    assign_button: "Give", "Assegna";
    note_title: "Note", "Nota";
    note: "What you found", "Che cosa si è trovato";
    note_button: "Write it down", "Annota";
    was_assigned: "Given.", "Assegnato.";
    was_noted: "Written down.", "Annotato.";
    was_proposed: "Proposed: a second person has to approve it.", "Proposta registrata: deve approvarla una seconda persona.";
    was_approved: "Closed. The queue is put in order anew.", "Chiuso. La coda viene riordinata.";
    was_returned: "Sent back.", "Rimandata.";

    who_title: "Who is behind it", "Chi c’è dietro";
    who_lead: "Shown so far that records can be told apart. Names are shown for a stated purpose; person, time and purpose go into the ledger.",
        "Mostrato quanto basta a distinguere i dati. I nomi si mostrano per uno scopo dichiarato; persona, ora e scopo restano nel registro.";
    who_none: "Records say nothing of the person, or it was erased.", "I dati non dicono nulla della persona, o sono stati cancellati.";
    purpose: "Purpose", "Scopo";
    purpose_hint: "Why these names have to be seen.", "Perché è necessario vedere questi nomi.";
    show_names: "Show the names", "Mostra i nomi";
    names_shown: "Shown for: {purpose}", "Mostrati per: {purpose}";
    name: "Name", "Nome";
    country: "Country", "Paese";
    region: "Region", "Zona";
    phone: "Telephone", "Telefono";
    email: "E-mail", "E-mail";

    history_title: "History", "Storia";
    history_lead: "As the ledger tells it.", "Come risulta dal registro.";
    raised: "Raised", "Segnalato";
    screened: "Screened again", "Esaminato di nuovo";
    act_assigned: "Given to somebody", "Assegnato";
    act_noted: "Note", "Nota";
    act_proposed: "Proposed", "Proposta";
    act_approved: "Approved", "Approvato";
    act_returned: "Sent back", "Rimandata";
    act_names: "Names shown", "Nomi mostrati";
    entry: "entry {n}", "voce {n}";
    screening: "Screening", "Esame";
    account: "Account", "Conto";
    id: "Identity", "Identificativo";
    back: "Back to the queue", "Torna alla coda";

    network_title: "Network {n}", "Rete {n}";
    network_lead: "All alerts on accounts that are tied to one another. A tie says that money moves alike, not that people act together.",
        "Tutti gli allarmi su conti legati tra loro. Un legame dice che il denaro si muove in modo simile, non che le persone agiscano insieme.";
    network_alerts: "Alerts of this network", "Allarmi di questa rete";

    fan_in_unrelated: "Many unrelated payers", "Molti paganti non legati";
    small_similar: "Small, similar amounts", "Importi piccoli e simili";
    payer_countries: "Payers from many countries", "Paganti da molti paesi";
    shared_counterparties: "Counterparties in common", "Controparti in comune";
    same_phone: "Accounts of one phone", "Conti con lo stesso telefono";
    referral: "Payers who came from a tied account", "Paganti provenienti da un conto legato";
    splitting: "Money passed on", "Denaro passato oltre";
    listed_recipients: "Recipients in listed countries", "Destinatari in paesi elencati";
    frequent: "Short gaps", "Intervalli brevi";
    night: "At night", "Di notte";
    round_sums: "Round sums", "Somme tonde";
    institutions: "Several institutions", "Più istituti";
    escalation: "Rising amounts", "Importi crescenti";
    ranked_counterparty: "What its counterparties look like", "Come appaiono le sue controparti";
    reached_from_known: "Reached from known accounts", "Raggiunto da conti noti";
    other_measures: "Further measures", "Altre misure";
    base: "Where every account starts", "Da dove parte ogni conto";
    reviewed_around: "What was decided around it", "Che cosa si è deciso attorno";
}

impl AlertWords {
    /// What a part of a score is called; its id where this version does not know it.
    pub(crate) fn part<'p>(&'p self, id: &'p str) -> &'p str {
        match id {
            "fan_in_unrelated" => self.fan_in_unrelated,
            "small_similar" => self.small_similar,
            "payer_countries" => self.payer_countries,
            "shared_counterparties" => self.shared_counterparties,
            "same_phone" => self.same_phone,
            "referral" => self.referral,
            "splitting" => self.splitting,
            "listed_recipients" => self.listed_recipients,
            "frequent" => self.frequent,
            "night" => self.night,
            "round_sums" => self.round_sums,
            "institutions" => self.institutions,
            "escalation" => self.escalation,
            "ranked_counterparty" => self.ranked_counterparty,
            "reached_from_known" => self.reached_from_known,
            "other_measures" => self.other_measures,
            "base" => self.base,
            "reviewed_around" => self.reviewed_around,
            other => other,
        }
    }

    /// What an act is called; its id where this version does not know it.
    pub(crate) fn act<'a>(&'a self, id: &'a str) -> &'a str {
        match id {
            "alert.raised" => self.raised,
            "payments.screened" => self.screened,
            "alert.assigned" => self.act_assigned,
            "alert.noted" => self.act_noted,
            "alert.proposed" => self.act_proposed,
            "alert.approved" => self.act_approved,
            "alert.returned" => self.act_returned,
            "alert.names_shown" => self.act_names,
            other => other,
        }
    }
}
