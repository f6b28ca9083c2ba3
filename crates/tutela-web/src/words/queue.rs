//! Pure table: the words about the unknown: what to look at first, earlier scans, examiners.

words! {
    /// Words of the queue.
    QueueWords, QUEUE_EN, QUEUE_IT;

    title: "What to look at first", "Che cosa guardare per primo";
    lead: "New pictures and films that something ties together, by points that add up. Points are an order for looking; they say nothing about what a picture shows. A file may stand in several groups.",
        "Immagini e filmati nuovi legati da qualcosa, in ordine di punteggio. I punti danno un ordine di esame e non dicono nulla di ciò che un’immagine mostra. Un file può stare in più gruppi.";
    none: "Nothing ties new pictures or films together.", "Nulla lega tra loro immagini o filmati nuovi.";
    points: "Points", "Punti";
    col_tied_by: "What ties it", "Che cosa lo lega";
    col_points_for: "Points for", "Punti per";
    more: "One more group stands in summary.json.|{n} more groups stand in summary.json.", "Un altro gruppo è in summary.json.|Altri {n} gruppi sono in summary.json.";
    earlier_title: "Earlier scans with ties to this one", "Scansioni precedenti legate a questa";
    earlier_lead: "How many new files of this scan are tied to each earlier scan in the store. Whom to ask is named; what is there is not.",
        "Quanti file nuovi di questa scansione sono legati a ciascuna scansione precedente nell’archivio. È indicato a chi chiedere, non che cosa vi si trova.";
    earlier_none: "No earlier scan in the store has a tie to the new files.", "Nessuna scansione precedente nell’archivio è legata ai file nuovi.";
    same_bytes: "Same bytes", "Stesso contenuto";
    same_device: "Same device", "Stesso dispositivo";
    same_case: "same case", "stesso caso";
    categorised_title: "What examiners said", "Che cosa hanno detto gli esaminatori";
    categorised_lead: "Categories that examiners gave to the same bytes, in this scan or before, as they gave them. None is ever overwritten.",
        "Categorie date dagli esaminatori allo stesso contenuto, in questa scansione o prima, così come date. Nessuna viene mai sovrascritta.";
    categorised_none: "No examiner has categorised any of these files.", "Nessun esaminatore ha classificato questi file.";
    examiner: "Examiner", "Esaminatore";
    stated: "Read in", "Acquisita";
    comment: "Comment", "Commento";
    examiners_disagree: "Examiners disagree.", "Gli esaminatori non concordano.";
    replaced_since: "replaced since", "poi sostituita";
    was_before: "before:", "prima:";
    more_categorised: "One more file stands in items.jsonl.|{n} more files stand in items.jsonl.", "Un altro file è in items.jsonl.|Altri {n} file sono in items.jsonl.";

    scan: "Scan", "Scansione";
    case: "Case", "Caso";
    no_case: "not part of a case", "nessun caso associato";
    started: "Started", "Inizio";
    operator: "Operator", "Operatore";
}
