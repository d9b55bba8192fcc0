package io.opsrelay.agent.classify;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells from its words what kind of business a text is about. Each word that begins with a stem counts once for its
 * industry; the industry with the most wins, and without a lead of one there is none.
 */
final class Industries {

    /** Enough for a ticket; the limit bounds what a hostile text can cost. */
    private static final int LONGEST_SAMPLE = 4_000;

    private static final int SHORTEST_STEM = 3;
    private static final int LONGEST_STEM = 13;

    private static final Map<String, String> INDUSTRY_OF_STEM = industryOfStem();
    private static final Set<String> ALL = new TreeSet<>(INDUSTRY_OF_STEM.values());

    private Industries() {}

    /** Those that can be told. */
    static Set<String> all() {
        return ALL;
    }

    static Optional<String> of(String text) {
        String sample =
                text.substring(0, Math.min(text.length(), LONGEST_SAMPLE)).toLowerCase(Locale.ROOT);
        Map<String, Set<String>> words = new HashMap<>();
        int start = 0;
        for (int i = 0; i <= sample.length(); i++) {
            if (i == sample.length() || !Character.isLetterOrDigit(sample.charAt(i))) {
                String word = sample.substring(start, i);
                industry(word).ifPresent(found -> words.computeIfAbsent(found, key -> new HashSet<>())
                        .add(word));
                start = i + 1;
            }
        }
        int most = words.values().stream().mapToInt(Set::size).max().orElse(0);
        List<String> leading = words.entrySet().stream()
                .filter(industry -> industry.getValue().size() == most)
                .map(Map.Entry::getKey)
                .toList();
        return leading.size() == 1 ? Optional.of(leading.getFirst()) : Optional.empty();
    }

    private static Optional<String> industry(String word) {
        for (int length = Math.min(word.length(), LONGEST_STEM); length >= SHORTEST_STEM; length--) {
            String industry = INDUSTRY_OF_STEM.get(word.substring(0, length));
            if (industry != null) {
                return Optional.of(industry);
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> industryOfStem() {
        Map<String, String> industries = new HashMap<>();
        stems().forEach((industry, stems) -> stems.forEach(stem -> {
            if (stem.length() < SHORTEST_STEM
                    || stem.length() > LONGEST_STEM
                    || industries.put(stem, industry) != null) {
                throw new IllegalStateException("the stem '" + stem + "' is too short, too long or of two industries");
            }
        }));
        return Map.copyOf(industries);
    }

    private static Map<String, List<String>> stems() {
        Map<String, List<String>> stems = new LinkedHashMap<>();
        stems.put(
                "retail",
                List.of(
                        "order",
                        "parcel",
                        "deliver",
                        "shipment",
                        "shipping",
                        "shop",
                        "size",
                        "bestell",
                        "paket",
                        "liefer",
                        "versand",
                        "größe",
                        "commande",
                        "colis",
                        "livraison",
                        "livré",
                        "boutique",
                        "taille",
                        "pedido",
                        "paquete",
                        "entrega",
                        "envío",
                        "tienda",
                        "talla"));
        stems.put(
                "finance",
                List.of(
                        "loan",
                        "mortgage",
                        "overdraft",
                        "bank",
                        "interest",
                        "kredit",
                        "darlehen",
                        "überweis",
                        "zinsen",
                        "prêt",
                        "hypothèque",
                        "virement",
                        "découvert",
                        "préstamo",
                        "hipoteca",
                        "transferencia",
                        "banco"));
        stems.put(
                "insurance",
                List.of(
                        "insur",
                        "premium",
                        "policyholder",
                        "versicher",
                        "schadensfall",
                        "assurance",
                        "sinistre",
                        "seguro",
                        "siniestro",
                        "póliza"));
        stems.put(
                "telecommunications",
                List.of(
                        "roaming",
                        "broadband",
                        "sim",
                        "voicemail",
                        "mobilfunk",
                        "festnetz",
                        "datenvolumen",
                        "fibre",
                        "forfait",
                        "fibra",
                        "tarifa"));
        stems.put(
                "travel",
                List.of(
                        "flight",
                        "hotel",
                        "airline",
                        "luggage",
                        "itinerary",
                        "flug",
                        "gepäck",
                        "reise",
                        "hôtel",
                        "bagage",
                        "voyage",
                        "vuelo",
                        "equipaje",
                        "viaje"));
        stems.put(
                "healthcare",
                List.of(
                        "prescription",
                        "doctor",
                        "clinic",
                        "patient",
                        "rezept",
                        "arzt",
                        "ärzt",
                        "klinik",
                        "ordonnance",
                        "médecin",
                        "clinique",
                        "receta",
                        "médico",
                        "clínica"));
        stems.put(
                "utilities",
                List.of(
                        "electricity",
                        "gas",
                        "kwh",
                        "outlet",
                        "strom",
                        "zählerstand",
                        "électricité",
                        "compteur",
                        "electricidad",
                        "contador"));
        stems.put(
                "software",
                List.of(
                        "api",
                        "deploy",
                        "kubernetes",
                        "server",
                        "latency",
                        "rollout",
                        "endpoint",
                        "database",
                        "timeout",
                        "webhook",
                        "sdk",
                        "datenbank",
                        "latenz",
                        "serveur",
                        "servidor",
                        "latencia",
                        "despliegue"));
        return stems;
    }
}
