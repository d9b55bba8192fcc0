package io.opsrelay.agent.owntool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

class OwnToolPropertiesTest {

    private static final Map<String, String> HTTP = pairs(
            "http.shop.stock.description", "Tells the stock.",
            "http.shop.stock.url", "https://shop.example/articles/{article}",
            "http.shop.stock.authorization", "Bearer top-secret",
            "http.shop.stock.fields.article.description", "its number");

    private static final Map<String, String> MCP = pairs(
            "mcp.shop.maps.url", "https://maps.example/mcp",
            "mcp.shop.maps.authorization", "Bearer top-secret",
            "mcp.shop.maps.tools[0]", "getRoutes");

    @Test
    void whatIsLeftOutIsOnTheSafeSide() {
        HttpToolSettings stock = Configured.by(HTTP).http().get("shop").get("stock");
        McpServerSettings maps = Configured.by(MCP).mcp().get("shop").get("maps");

        assertThat(stock.allowPrivate()).isFalse();
        assertThat(stock.allowHttp()).isFalse();
        assertThat(stock.method()).isEqualTo(HttpToolSettings.Method.GET);
        assertThat(maps.allowPrivate()).isFalse();
        assertThat(maps.allowHttp()).isFalse();
        assertThat(stock.toString() + maps).doesNotContain("top-secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.shop.stock.description | | http.shop.stock.description",
                "http.shop.stock.url | | http.shop.stock.url",
                "http.shop.stock.url | http://shop.example/{article} | http.shop.stock.url",
                "http.shop.stock.url | ftp://shop.example/{article} | http.shop.stock.url",
                "http.shop.stock.url | https://{article}.shop.example/ | http.shop.stock.url",
                "http.shop.stock.url | https://shop.example:{article}/ | http.shop.stock.url",
                "http.shop.stock.url | https://me:pw@shop.example/{article} | http.shop.stock.url",
                "http.shop.stock.url | https://shop.example/{article}#x | http.shop.stock.url",
                "http.shop.stock.url | https://shop.example/{other} | http.shop.stock.url",
                "http.shop.stock.url | /articles/{article} | http.shop.stock.url",
                "http.shop.stock.fields.article.required | false | http.shop.stock.url",
                "http.shop.stock.fields.article.max-length | 0 | http.shop.stock.fields.article.max-length",
                "http.shop.stock.fields.article.type | integer | http.shop.stock.fields.article",
                "http.shop.stock.fields.article.type | choice | http.shop.stock.fields.article.values",
                "http.shop.stock.url | https://0x7f.1/{article} | http.shop.stock.url",
                "http.shop.stock.fields.days.type | text | http.shop.stock.fields.days.description",
                "http.shop.stock.fixed.article | client-id | http.shop.stock.fixed.article",
                "http.shop.stock.fixed.who | nobody | http.shop.stock.fixed.who",
                "http.shop.stock.fixed.who | ' ' | http.shop.stock.fixed.who",
                "http.shop.stock.url | https://shop.example/{article}?key=top-secret^ | http.shop.stock.url",
                "http.shop.stock.tell.stock | top-secret | http.shop.stock.tell.stock",
                "http.shop.stock.timeout | 0s | http.shop.stock.timeout",
                "http.shop.stock.timeout | 2m | http.shop.stock.timeout",
                "http.shop.stock.tell.stock | stock | http.shop.stock.tell.stock",
                "http.shop.stock.headers.Host | evil | http.shop.stock.headers.Host",
                "http.shop.stock.method | DELETE | http.shop.stock.method",
                "http.shop.9stock.url | https://shop.example | http.shop.9stock",
                "together | 0s | together"
            })
    void aToolThatCannotBeStopsTheStartAndIsNamed(String property, String value, String named) {
        refuses(HTTP, property, value, named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mcp.shop.maps.url | | mcp.shop.maps.url",
                "mcp.shop.maps.url | http://maps.example/mcp | mcp.shop.maps.url",
                "mcp.shop.maps.tools[0] | | mcp.shop.maps.tools",
                "mcp.shop.maps.tools[0] | drop tables | mcp.shop.maps.tools[0]",
                "mcp.shop.maps.tools[1] | get_routes | mcp.shop.maps.tools[1]",
                "mcp.shop.maps.tools[1] | a23456789012345678901234567890123456789012345678901234567890 | mcp.shop.maps.tools[1]",
                "mcp.shop.maps.url | https://maps.example/mcp?key=top-secret^ | mcp.shop.maps.url",
                "mcp.shop.maps.fixed.mail | nobody | mcp.shop.maps.fixed.mail",
                "mcp.shop.maps.fixed.mail | ' ' | mcp.shop.maps.fixed.mail",
                "mcp.shop.maps.fixed.9mail | customer-email | mcp.shop.maps.fixed.9mail",
                "mcp.shop.maps.refresh | 0s | mcp.shop.maps.refresh",
                "mcp.shop.big_maps.url | https://maps.example/mcp | mcp.shop.big_maps"
            })
    void aServerThatCannotBeStopsTheStartAndIsNamed(String property, String value, String named) {
        refuses(MCP, property, value, named);
    }

    @Test
    void aMisspeltPropertyStopsTheStartAndItsValueIsNotShown() {
        new ApplicationContextRunner()
                .withUserConfiguration(Scanned.class)
                .withPropertyValues(
                        "opsrelay.tools.http.shop.stock.description=Tells the stock.",
                        "opsrelay.tools.http.shop.stock.url=https://shop.example/",
                        "opsrelay.tools.http.shop.stock.authorisation=Bearer top-secret")
                .run(context -> {
                    Throwable failure = Objects.requireNonNull(context.getStartupFailure());
                    FailureAnalysis analysis = Objects.requireNonNull(new UnknownToolProperty().analyze(failure));
                    assertThat(analysis.getDescription()).contains("opsrelay.tools.http.shop.stock.authorisation");
                    assertThat(analysis.getDescription() + all(failure)).doesNotContain("top-secret");
                });
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
                        // those that want a context are of no interest here
                        .load(FailureAnalyzer.class, (type, name, failure) -> {}))
                .hasAtLeastOneElementOfType(UnknownToolProperty.class);
    }

    @ParameterizedTest
    @CsvSource({
        "getStock, mcp_shop_get_stock",
        "get_stock, mcp_shop_get_stock",
        "stock.by-branch, mcp_shop_stock_by_branch",
        "HTTPGet, mcp_shop_httpget"
    })
    void aServersToolHasANameThatEveryModelTakes(String tool, String code) {
        assertThat(McpServerSettings.codeOf("shop", tool)).isEqualTo(code);
    }

    @EnableConfigurationProperties(OwnToolProperties.class)
    private static final class Scanned {}

    private static void refuses(Map<String, String> valid, String property, String value, String named) {
        Configured.by(valid);
        assertThatThrownBy(() -> Configured.by(valid, property, value == null ? "" : value))
                .satisfies(refused -> assertThat(all(refused))
                        .contains("opsrelay.tools." + named)
                        .doesNotContain("top-secret"));
    }

    private static String all(Throwable refused) {
        StringBuilder all = new StringBuilder();
        for (Throwable one = refused; one != null; one = one.getCause()) {
            all.append(one.getMessage()).append('\n');
        }
        return all.toString();
    }

    private static Map<String, String> pairs(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
